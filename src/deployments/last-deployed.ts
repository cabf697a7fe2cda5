import type { Repository } from '../jobs/job.ts'
import type { Redis } from '../redis/redis.ts'
import type { Keys } from './keys.ts'

/** What an environment has, as far as we know. */
export type LastDeployed =
  /** The sha of its last success; nothing has begun since. */
  | { known: 'sha'; sha: string }
  /** Nothing was ever begun there. */
  | { known: 'nothing' }
  /** The last that was begun runs still, or did not succeed: it may have done a part of its work. */
  | { known: 'unsure'; id: number }

/** Reads what an environment has got last, by our own record. */
export async function readLastDeployed(
  redis: Redis,
  keys: Keys,
  { id }: Repository,
  environment: string,
): Promise<LastDeployed> {
  const lane = keys.lane(id, environment)
  const [started, succeeded, kept] = await redis.hmget(lane, 'newestStarted', 'lastSuccess', 'lastSuccessSha')
  if (!started && !succeeded) return { known: 'nothing' }
  const newest = Math.max(Number(started ?? 0), Number(succeeded ?? 0))
  if (!succeeded || Number(succeeded) !== newest) return { known: 'unsure', id: newest }
  // An older version kept the sha in the record only.
  const sha = kept ?? (await redis.hget(keys.record(succeeded), 'sha'))
  return sha ? { known: 'sha', sha } : { known: 'unsure', id: newest }
}
