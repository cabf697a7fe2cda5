import { setTimeout as sleep } from 'node:timers/promises'
import type { LogId, Logs } from '../../deployments/log.ts'
import { isFinal } from '../../deployments/record.ts'
import { comment, event } from './event-stream.ts'
import type { LogWatch } from './watch.ts'

/** How long a proxy may hear nothing before it cuts the connection, and we notice a reader that is gone. */
const heartbeatMs = 15_000
const linesAtOnce = 500
/** How soon a log is read again after Redis did not answer. */
const againMs = 500

/** Logs, and the records of what they are of. */
export interface LogSources<Id extends LogId> {
  logs: Logs
  records: { read(id: Id): Promise<{ state: string } | undefined> }
}

export interface FollowOptions {
  /** The id of the last line that the reader has. */
  after?: string | undefined
  /** Aborted when the reader is gone. */
  signal: AbortSignal
  /** What is sent of a line's text; the text itself unless given. */
  present?: ((text: string) => string) | undefined
  heartbeatMs?: number
}

/** The lines of a log, oldest first, a page at a time. */
export async function* readLines({ logs }: { logs: Logs }, id: LogId, after?: string) {
  for (let last = after; ; ) {
    const lines = await logs.read(id, last, linesAtOnce)
    if (lines.length > 0) yield lines
    if (lines.length < linesAtOnce) return
    last = lines.at(-1)?.id
  }
}

/**
 * A log as server-sent events: a `message` for each line, its id the line's, its data the text; a comment as
 * heartbeat; at the end, once what it is of is over and all its lines are sent, an `end` with the state.
 */
export async function* followLog<Id extends LogId>(
  sources: LogSources<Id>,
  watch: LogWatch,
  logId: Id,
  { after, signal, present = (text) => text, ...options }: FollowOptions,
): AsyncGenerator<string> {
  yield 'retry: 1000\n\n'
  for (let last = after ?? ''; !signal.aborted; ) {
    let record: { state: string } | undefined
    try {
      // Read before the lines: what something that is over by now has written is all there.
      record = await sources.records.read(logId)
      for await (const lines of readLines(sources, logId, last === '' ? undefined : last)) {
        yield lines.map(({ id, text }) => event({ id, data: present(text) })).join('')
        last = lines.at(-1)?.id ?? last
      }
    } catch {
      // Redis did not answer, which its connection logs: whoever follows goes on waiting, and misses nothing.
      if (watch.isClosed()) return
      await sleep(againMs, undefined, { signal }).catch(() => {})
      continue
    }
    if (record === undefined || isFinal(record.state)) {
      yield event({ event: 'end', data: JSON.stringify({ state: record?.state ?? null }) })
      return
    }
    for (;;) {
      const change = await watch.change(logId, last, options.heartbeatMs ?? heartbeatMs, signal)
      if (change !== undefined) break
      if (signal.aborted || watch.isClosed()) return
      yield comment('still here')
    }
  }
}
