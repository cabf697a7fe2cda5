import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { LogId } from '../../deployments/log.ts'
import { messageOf } from '../../errors.ts'
import type { Redis } from '../../redis.ts'
import { Refusal } from '../../refusal.ts'
import { streamId } from '../query.ts'
import { followLog, type LogSources, readLines } from './follow.ts'
import { createLogWatch, type WatchedKeys } from './watch.ts'

/** The path parameters that name something of a repository. */
interface Params {
  owner: string
  repo: string
  id: string
}

type LogRequest = FastifyRequest<{ Params: Params }>

/** Logs of one kind of thing. */
export interface LogRouteOptions<Id extends LogId> extends LogSources<Id> {
  /** The path of the things, below which each has a log: `/deployments`. */
  of: string
  redis: Redis
  keys: WatchedKeys
  /** The id of what a path names; throws a Refusal if there is nothing. */
  find(params: Params): Promise<Id>
}

/** `GET /api/{of}/{owner}/{repo}/{id}/log`: the log as text, or followed live as server-sent events. */
export async function logRoute<Id extends LogId>(app: FastifyInstance, sources: LogRouteOptions<Id>) {
  const watch = createLogWatch(sources.redis, sources.keys)
  // Else those who follow would keep the server from ending.
  app.addHook('preClose', async () => watch.close())

  app.get(
    `${sources.of}/:owner/:repo/:id/log`,
    { exposeHeadRoute: false, config: { role: 'viewer' } },
    async (request: LogRequest, reply) => {
      const id = await sources.find(request.params)
      // What a program wrote is text, whatever it looks like.
      reply.headers({ Vary: 'Accept', 'X-Content-Type-Options': 'nosniff' })
      if (!/\btext\/event-stream\b/i.test(request.headers.accept ?? '')) {
        return reply.type('text/plain; charset=utf-8').send(Readable.from(asText(sources, id)))
      }
      const after = lastEventId(request)
      const signal = goneSignal(reply)
      reply.type('text/event-stream; charset=utf-8')
      // Some proxies gather what they pass on; the connection is not used again after a stream that long.
      reply.headers({ 'X-Accel-Buffering': 'no', Connection: 'close' })
      const events = followLog(sources, watch, id, { after, signal })
      return reply.send(Readable.from(untilItFails(events, request)))
    },
  )
}

/** A stream of events that breaks off is resumed by its reader; an outage is logged once, not for each of them. */
async function* untilItFails(events: AsyncGenerator<string>, request: LogRequest) {
  try {
    yield* events
  } catch (error) {
    request.log.debug({ reason: messageOf(error) }, 'a log that was followed could not be read')
  }
}

async function* asText<Id extends LogId>(sources: LogSources<Id>, id: Id) {
  for await (const lines of readLines(sources, id)) {
    yield lines.map(({ text }) => `${text}\n`).join('')
  }
}

function lastEventId(request: FastifyRequest): string | undefined {
  const given = request.headers['last-event-id']
  if (given === undefined || given === '') return undefined
  const read = streamId.safeParse(given)
  if (read.success) return read.data
  throw new Refusal(400, 'Last-Event-ID must be the id of an event of this log, such as 1700000000000-0.')
}

/** Aborted when the reader is gone, or has all. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.on('close', () => gone.abort())
  return gone.signal
}
