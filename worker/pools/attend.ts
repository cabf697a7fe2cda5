import { setTimeout as sleep } from 'node:timers/promises'
import type { RulesInForce } from '../../src/config/rules.ts'
import { messageOf } from '../../src/errors/errors.ts'
import { hasAll, type Labels, usualLabels } from '../../src/jobs/labels.ts'
import { type Pools, pooled, readQueueName } from '../../src/jobs/pools.ts'
import type { Logger } from '../../src/log/log.ts'
import type { Presence } from '../../src/workers/roster.ts'
import type { QueueWorkers } from './queue-worker.ts'

export interface AttendOptions {
  labels: Labels
  presence: Presence
  pools: Pools
  rules: RulesInForce
  /** Who takes jobs from the queues of each kind. */
  workers: Readonly<Record<(typeof pooled)[number], QueueWorkers>>
  /** How often this worker is heard of. */
  beatMs: number
  log: Logger
}

/** Which queues there are, and who is there for them, is looked at again and again until it is closed. */
export interface Attendance {
  close(): Promise<void>
}

/** Takes jobs from the queues that this worker is for, and looks after those that nobody is for. */
export function attend(options: AttendOptions): Attendance {
  const { labels, presence, pools, rules, workers, beatMs, log } = options
  const closing = new AbortController()

  const take = (queues: readonly string[], unattended: ReadonlySet<string>) => {
    for (const base of pooled) {
      const ours = [base, ...queues].filter((queue) => readQueueName(queue)?.base === base)
      const full = ours.filter((queue) => hasAll(labels, readQueueName(queue)?.labels ?? usualLabels))
      workers[base].take(
        [...new Set(full)],
        [...new Set(ours)].filter((queue) => !full.includes(queue) && unattended.has(queue)),
      )
    }
  }
  const look = async () => {
    const roster = await presence.beat(rules.current.pools)
    take(roster.pools, new Set(roster.unattended.keys()))
    // What was held back for want of a worker looks again at once.
    for (const queue of roster.attendedNow) await wakeAll(pools, queue)
  }
  // What it is for in any case, it takes at once, whether or not Redis is there already.
  take([], new Set())

  const attending = (async () => {
    while (!closing.signal.aborted) {
      await look().catch((error: unknown) => {
        log.debug({ reason: messageOf(error) }, 'this worker could not say that it is alive')
      })
      await sleep(beatMs, undefined, { signal: closing.signal }).catch(() => {})
    }
  })()
  return {
    async close() {
      closing.abort()
      await attending
      await presence.leave().catch(() => {})
    },
  }
}

async function wakeAll(pools: Pools, name: string): Promise<void> {
  const queue = readQueueName(name)
  if (queue) await pools.queue(queue.base, queue.labels).promoteJobs()
}
