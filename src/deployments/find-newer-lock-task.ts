import type { ProcessDeployment } from '../jobs/job.ts'
import type { Redis } from '../redis/redis.ts'
import type { Keys } from './keys.ts'
import { readRecords } from './list.ts'

/** So many of a repository's newest are looked at. */
const lookedAt = 100

/**
 * The deployment that locked or unlocked an environment although it was made after this one, which would do so, too: its event came
 * late. Undefined if there is none.
 */
export async function findNewerLockTask(
  redis: Redis,
  keys: Keys,
  { repository, deployment }: ProcessDeployment,
): Promise<number | undefined> {
  const after = `(${deployment.id}`
  const ids = await redis.zrangebyscore(keys.lockTasks(repository.id), after, '+inf', 'LIMIT', 0, lookedAt)
  const records = [...(await readRecords(redis, keys, ids.map(Number))).values()]
  return records.find(
    ({ environment, state }) => environment === deployment.environment && state === 'success',
  )?.id
}
