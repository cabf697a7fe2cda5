import { defineScript, type Redis } from '../redis/redis.ts'
import type { Keys } from './keys.ts'
import { step } from './step.ts'

/**
 * Notes of records what older versions did not note: their lanes and how they ended. To note it again changes nothing.
 * Keys: all, lanes. Arguments: ids.
 */
const fillInSome = defineScript(`${step}
local records = string.sub(KEYS[1], 1, -#':deployments' - 1) .. ':deployment:'
for _, id in ipairs(ARGV) do
  local lane, name = laneOf(records .. id)
  if lane then
    redis.call('SADD', KEYS[2], name)
    noteOutcome(records .. id)
  end
end
return 1
`)

/** So many at once take Redis about a millisecond. */
const atOnce = 100
/** Workers of an older version may have gone on until they were replaced: so many are looked at each time. */
const newest = 2000

/**
 * Fills in what records of older versions lack in the indexes of lanes and outcomes: of all of them once, of the newest each
 * time that a worker starts. Cheap, and harmless to repeat or to break off.
 */
export async function fillIn(redis: Redis, keys: Keys, signal?: AbortSignal): Promise<void> {
  const done = `${keys.outcomes}:filled-in`
  const most = (await redis.exists(done)) === 1 ? newest : Number.POSITIVE_INFINITY
  let before = '+inf'
  for (let seen = 0; seen < most; seen += atOnce) {
    if (signal?.aborted) return
    const ids = await redis.zrevrangebyscore(keys.all, before, '-inf', 'LIMIT', 0, atOnce)
    if (ids.length > 0) await fillInSome(redis, [keys.all, keys.lanes], ids)
    if (ids.length < atOnce) break
    before = `(${ids.at(-1)}`
  }
  await redis.set(done, 1)
}
