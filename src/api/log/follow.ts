import { setTimeout as sleep } from 'node:timers/promises'
import { type DeploymentRecord, isFinal } from '../../deployments/record.ts'
import type { Sources } from '../sources.ts'
import { comment, event } from './event-stream.ts'
import type { LogWatch } from './watch.ts'

/** How long a proxy may hear nothing before it cuts the connection, and we notice a reader that is gone. */
const heartbeatMs = 15_000
const linesAtOnce = 500
/** How soon a log is read again after Redis did not answer. */
const againMs = 500

export interface FollowOptions {
  /** The id of the last line that the reader has. */
  after?: string | undefined
  /** Aborted when the reader is gone. */
  signal: AbortSignal
  heartbeatMs?: number
}

/** The lines of a log, oldest first, a page at a time. */
export async function* readLines({ logs }: Pick<Sources, 'logs'>, deploymentId: number, after?: string) {
  for (let last = after; ; ) {
    const lines = await logs.read(deploymentId, last, linesAtOnce)
    if (lines.length > 0) yield lines
    if (lines.length < linesAtOnce) return
    last = lines.at(-1)?.id
  }
}

/**
 * A log as server-sent events: a `message` for each line, its id the line's, its data the text; a comment as
 * heartbeat; at the end, once the deployment is over and all its lines are sent, an `end` with the state.
 */
export async function* followLog(
  sources: Pick<Sources, 'logs' | 'records'>,
  watch: LogWatch,
  deploymentId: number,
  { after, signal, ...options }: FollowOptions,
): AsyncGenerator<string> {
  yield 'retry: 1000\n\n'
  for (let last = after ?? ''; !signal.aborted; ) {
    let record: DeploymentRecord | undefined
    try {
      // Read before the lines: what a deployment that is over by now has written is all there.
      record = await sources.records.read(deploymentId)
      for await (const lines of readLines(sources, deploymentId, last === '' ? undefined : last)) {
        yield lines.map(({ id, text }) => event({ id, data: text })).join('')
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
      const change = await watch.change(deploymentId, last, options.heartbeatMs ?? heartbeatMs, signal)
      if (change !== undefined) break
      if (signal.aborted || watch.isClosed()) return
      yield comment('still here')
    }
  }
}
