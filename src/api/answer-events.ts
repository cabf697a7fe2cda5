import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { messageOf } from '../errors/errors.ts'
import { Refusal } from '../errors/refusal.ts'
import { streamId } from './query.ts'

/**
 * Answers with server-sent events, as they come. The signal that they are made with is aborted when the reader is gone, or
 * has all.
 */
export function answerEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  eventsUntil: (gone: AbortSignal) => AsyncIterable<string>,
) {
  const gone = new AbortController()
  reply.raw.on('close', () => gone.abort())
  reply.type('text/event-stream; charset=utf-8')
  // Some proxies gather what they pass on; the connection is not used again after a stream that long.
  reply.headers({ 'X-Accel-Buffering': 'no', Connection: 'close' })
  return reply.send(Readable.from(untilItFails(eventsUntil(gone.signal), request)))
}

/** A stream of events that breaks off is resumed by its reader; an outage is logged once, not for each of them. */
async function* untilItFails(events: AsyncIterable<string>, request: FastifyRequest) {
  try {
    yield* events
  } catch (error) {
    request.log.debug({ reason: messageOf(error) }, 'events that were followed could not be read')
  }
}

/**
 * The event after which a reader goes on, if it has one. A browser can name it in the address, where it begins, and in the
 * header, where it goes on. @throws {Refusal} 400 if it is none
 */
export function lastEventId(request: FastifyRequest, begin?: string): string | undefined {
  const given = request.headers['last-event-id'] ?? begin
  if (given === undefined || given === '') return undefined
  const read = streamId.safeParse(given)
  if (read.success) return read.data
  throw new Refusal(400, 'Last-Event-ID must be the id of an event of this stream, such as 1700000000000-0.')
}
