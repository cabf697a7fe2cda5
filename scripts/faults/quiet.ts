import { setTimeout as sleep } from 'node:timers/promises'
import { allQueues, type Queues } from '../../src/jobs/queues.ts'
import type { Redis } from '../../src/redis/redis.ts'
import { now } from './clock.ts'
import { type Evidence, gatherEvidence, isAcknowledged } from './evidence.ts'
import { groupBy } from './group-by.ts'
import type { Installation } from './installation.ts'
import type { Problem } from './problem.ts'

const askEveryMs = 300

/**
 * Waits until two looks in a row find that all is over: what `judgeOver` finds lost or left over is not. Gives how
 * long that took in milliseconds, or undefined if it never was.
 */
export async function untilQuiet(
  installation: Installation,
  redis: Redis,
  queues: Queues,
  judgeOver: (evidence: Evidence) => Problem[],
  limitMs: number,
): Promise<number | undefined> {
  const beganAt = now()
  let found = 0
  while (now() - beganAt < limitMs) {
    found = (await isQuiet(installation, redis, queues, judgeOver)) ? found + 1 : 0
    if (found === 2) return now() - beganAt
    await sleep(askEveryMs)
  }
  return undefined
}

async function isQuiet(
  installation: Installation,
  redis: Redis,
  queues: Queues,
  judgeOver: (evidence: Evidence) => Problem[],
): Promise<boolean> {
  if (installation.sandbox.deliveries().some(({ status }) => status === null)) return false
  for (const queue of await allQueues(queues)) {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized')
    if (Object.values<number>(counts).some((count) => count > 0)) return false
  }
  const evidence = await gatherEvidence(installation, redis, queues)
  return judgeOver(evidence).every(({ kind }) => kind !== 'lost' && kind !== 'left over')
}

/** Asks GitHub to send what nobody has acknowledged again. Gives how many that were. */
export function redeliverFailed({ sandbox }: Installation): number {
  const known = groupBy(sandbox.deliveries(), ({ hookId, guid }) => `${hookId} ${guid}`)
  const failed = [...known.values()].filter((attempts) => !attempts.some(isAcknowledged))
  for (const attempts of failed) sandbox.redeliver(attempts[0]?.id ?? 0)
  return failed.length
}
