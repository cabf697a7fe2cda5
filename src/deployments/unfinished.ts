import type { Redis } from '../redis/redis.ts'
import type { Keys } from './keys.ts'
import { type DeploymentRecord, isFinal, type Records } from './record.ts'

/** Older ones are over. */
const mostRecords = 2000

/** The newest deployments that are not over. */
export async function readUnfinished(
  redis: Redis,
  keys: Keys,
  records: Records,
): Promise<DeploymentRecord[]> {
  const ids = await redis.zrevrange(keys.all, 0, mostRecords - 1)
  const pipeline = redis.pipeline()
  for (const id of ids) pipeline.hget(keys.record(id), 'state')
  const states = ((await pipeline.exec()) ?? []).map(([error, state]) => {
    if (error) throw error
    return state
  })
  const open = ids.filter((_id, index) => typeof states[index] === 'string' && !isFinal(states[index]))
  const found = await Promise.all(open.map((id) => records.read(Number(id))))
  return found.filter((record) => record !== undefined)
}
