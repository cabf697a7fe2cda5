import { toPlace } from '../overview/places.ts'
import { defineScript, type Redis } from '../redis/redis.ts'
import type { Keys } from './keys.ts'
import { step } from './step.ts'

/** What a sweep has found. */
export interface Swept {
  lanes: number
  /** Ids in the indexes whose records have run out. */
  ids: number
  /** Lanes that are forgotten as a whole, as `<repository id>:<environment>`. */
  forgotten: string[]
}

export interface SweepOptions {
  /** How long a deployment is kept that is over. */
  keptMs: number
  /** Whether the rules name an environment: what is deployed there is known for as long as they do. */
  isNamed(repositoryId: number, environment: string): boolean
  signal?: AbortSignal
}

/**
 * Puts a lane in order in which nothing may be deployed any more. Ids of records that have run out leave the indexes; what is over
 * and was never told to run out, since a worker died then, is told so. When the newest deployment of a lane has been over for
 * long, nobody waits in it, and it comes and goes, all of it is forgotten, what is deployed there included.
 *
 * Keys: the lane's index, all, the repository's, lanes, lane, waiting, held. Arguments: the lane's name, ms that is kept, 1 if it may
 * come and go, how many ids are looked at. Gives how many ids have left, and 1 if the lane is forgotten.
 */
const sweepLane = defineScript(`${step}
local index, lane, keptMs = KEYS[1], KEYS[5], tonumber(ARGV[2])
local records = string.sub(KEYS[2], 1, -#':deployments' - 1) .. ':deployment:'
local current, kept, holder = unpack(redis.call('HMGET', lane, 'lastSuccess', 'kept', 'holder'))

local function runOut(id)
  for _, what in ipairs({ '', ':statuses', ':log', ':approvals' }) do redis.call('PEXPIRE', records .. id .. what, keptMs) end
end
local function forget(id)
  redis.call('DEL', records .. id, records .. id .. ':statuses', records .. id .. ':log', records .. id .. ':approvals')
  for key = 1, 3 do redis.call('ZREM', KEYS[key], id) end
end

local left = 0
for _, id in ipairs(redis.call('ZRANGE', index, 0, tonumber(ARGV[4]) - 1)) do
  if redis.call('EXISTS', records .. id) == 0 then
    forget(id)
    left = left + 1
  elseif id ~= current and id ~= kept and isFinal(records .. id) and redis.call('PTTL', records .. id) == -1 then
    runOut(id)
  end
end

local newest = redis.call('ZRANGE', index, -1, -1)[1]
local isIdle = not holder and redis.call('HLEN', KEYS[6]) == 0 and redis.call('HLEN', KEYS[7]) == 0
if not isIdle or (newest and newest ~= current) then return { left, 0 } end
if newest then
  local finishedAt, transient = unpack(redis.call('HMGET', records .. newest, 'finishedAt', 'transient'))
  local isOld = finishedAt and now() - tonumber(finishedAt) > keptMs
  if not isOld or (transient ~= '1' and ARGV[3] ~= '1') then return { left, 0 } end
  forget(newest)
end
redis.call('DEL', lane, index)
redis.call('SREM', KEYS[4], ARGV[1])
return { left, 1 }
`)

const lanesAtOnce = 100
/** So many ids of a lane are looked at each time: Redis takes less than a millisecond for them. */
const idsAtOnce = 200

/** Puts all lanes in order. To break it off, or to do it again, is harmless. */
export async function sweep(redis: Redis, keys: Keys, options: SweepOptions): Promise<Swept> {
  const swept: Swept = { lanes: 0, ids: 0, forgotten: [] }
  let cursor = '0'
  do {
    const [next, lanes] = await redis.sscan(keys.lanes, cursor, 'COUNT', lanesAtOnce)
    cursor = next
    for (const lane of lanes) {
      if (options.signal?.aborted) return swept
      const [ids, isForgotten] = await sweepOne(redis, keys, lane, options)
      swept.lanes += 1
      swept.ids += ids
      if (isForgotten) swept.forgotten.push(lane)
    }
  } while (cursor !== '0')
  return swept
}

async function sweepOne(
  redis: Redis,
  keys: Keys,
  lane: string,
  { keptMs, isNamed }: SweepOptions,
): Promise<[ids: number, isForgotten: boolean]> {
  const { repositoryId, environment } = toPlace(lane)
  const [ids, isForgotten] = [
    await sweepLane(
      redis,
      [
        ...[keys.ofLane(repositoryId, environment), keys.all, keys.ofRepository(repositoryId), keys.lanes],
        ...[
          keys.lane(repositoryId, environment),
          keys.waiting(repositoryId, environment),
          keys.held(repositoryId, environment),
        ],
      ],
      [lane, keptMs, isNamed(repositoryId, environment) ? '' : 1, idsAtOnce],
    ),
  ].flat()
  return [Number(ids), Number(isForgotten) === 1]
}
