import type { EventSourceMessage } from 'eventsource-parser'
import type { Client } from './client.ts'
import { exitStatus, Stop } from './exit-status.ts'
import { pause } from './pause.ts'

/** The server sends a comment every 15 s while nothing happens: whoever hears less has lost the connection. */
const silenceMs = 40_000
const againMs = 1000
/** A server that is away for longer is given up. */
export const patienceMs = 120_000

/**
 * Server-sent events of a path, from the first or after `after`. A connection that is lost is made again, and goes on after the
 * last event that was read. The reader leaves when it has all.
 *
 * @throws {Stop} for what the server refuses, or when it stays away
 */
export async function* readEvents(
  client: Client,
  path: string,
  signal: AbortSignal,
  after = '',
): AsyncGenerator<EventSourceMessage> {
  let last = after
  for (let heardAt = Date.now(); !signal.aborted; await pause(againMs, signal)) {
    try {
      for await (const event of readOnce(client, path, last, signal)) {
        heardAt = Date.now()
        last = event.id ?? last
        yield event
      }
    } catch (error) {
      if (signal.aborted) return
      const isOut = Date.now() - heardAt > patienceMs
      if (isOut || (error instanceof Stop && error.status !== exitStatus.unreachable)) throw error
    }
  }
}

/** The events of one connection, until it ends or is silent for too long. */
async function* readOnce(client: Client, path: string, after: string, signal: AbortSignal) {
  const { createParser } = await import('eventsource-parser')
  const silent = new AbortController()
  const timer = setTimeout(() => silent.abort(), silenceMs)
  const headers = { accept: 'text/event-stream', ...(after === '' ? {} : { 'last-event-id': after }) }
  const events: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (event) => void events.push(event) })
  const decoder = new TextDecoder()
  try {
    const answer = await client.open(path, { headers, signal: AbortSignal.any([signal, silent.signal]) })
    for await (const chunk of answer.body ?? []) {
      timer.refresh()
      parser.feed(decoder.decode(chunk, { stream: true }))
      yield* events.splice(0)
    }
  } finally {
    clearTimeout(timer)
  }
}
