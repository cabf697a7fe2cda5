import type { Keys } from '../deployments/keys.ts'
import { readRecords } from '../deployments/list.ts'
import type { DeploymentRecord } from '../deployments/record.ts'
import { median } from '../figures/statistics.ts'
import type { Redis } from '../redis/redis.ts'

/** When a success began and ended, in milliseconds since 1970. */
interface Success {
  id: number
  startedAt: number
  finishedAt: number
}

const lookedAt = 100
/** So many successes say how long one usually takes. */
const usual = 20
/** Deployments with higher numbers that may have been done before one that was held back for long. */
const overtaking = 20

/** How long a success usually takes from in_progress to its end: the median of the last ones, in ms. */
export async function usualMs(
  redis: Redis,
  keys: Keys,
  repositoryId: number,
  environment: string,
): Promise<number | undefined> {
  const ids = await redis.zrevrange(keys.ofLane(repositoryId, environment), 0, lookedAt - 1)
  const successes = (await readSuccesses(redis, keys, ids)).slice(0, usual)
  return median(successes.map(({ startedAt, finishedAt }) => finishedAt - startedAt))
}

/** The deployment whose success was there before this one began; before it has begun: the one that is there now. */
export async function findPredecessor(
  redis: Redis,
  keys: Keys,
  { id, repository, environment, startedAt, finishedAt }: DeploymentRecord,
): Promise<DeploymentRecord | undefined> {
  const index = keys.ofLane(repository.id, environment)
  const [older, newer] = await Promise.all([
    redis.zrevrangebyscore(index, `(${id}`, '-inf', 'LIMIT', 0, lookedAt),
    redis.zrangebyscore(index, `(${id}`, '+inf', 'LIMIT', 0, overtaking),
  ])
  const began = startedAt ?? finishedAt ?? Number.POSITIVE_INFINITY
  const before = (await readSuccesses(redis, keys, [...older, ...newer]))
    .filter((success) => success.finishedAt <= began)
    .sort((a, b) => b.finishedAt - a.finishedAt)
  const [last] = before
  return last && (await readRecords(redis, keys, [last.id])).get(last.id)
}

/** The successes among these, in the same order. */
async function readSuccesses(redis: Redis, keys: Keys, ids: readonly string[]): Promise<Success[]> {
  const pipeline = redis.pipeline()
  for (const id of ids) pipeline.hmget(keys.record(id), 'state', 'startedAt', 'finishedAt')
  const answers = (await pipeline.exec()) ?? []
  return answers.flatMap(([error, fields], index) => {
    if (error) throw error
    const [state, startedAt, finishedAt] = fields as (string | null)[]
    if (state !== 'success' || !startedAt || !finishedAt) return []
    return [{ id: Number(ids[index]), startedAt: Number(startedAt), finishedAt: Number(finishedAt) }]
  })
}
