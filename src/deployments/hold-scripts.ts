import { defineScript } from '../redis/redis.ts'
import { step } from './step.ts'

/**
 * Holds a deployment back that has not begun: it waits in the lane no more, has no turn, and replaces nobody.
 * Keys: lane, waiting, record, statuses, held. Arguments: id, policy, description, what holds it (a JSON object),
 * ms after which one that was not heard of is forgotten. Gives: ended | superseded, id | alive, ms | held.
 */
export const holdBack = defineScript(`${step}
local lane, waiting, record, statuses, held = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, policy, description, forgetMs = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[5])
local records = string.sub(record, 1, -#id - 1)
local at = now()

if redis.call('HGET', lane, 'holder') == id then
  local leaseUntil = tonumber(redis.call('HGET', lane, 'leaseUntil') or '0')
  if leaseUntil > at then return { 'alive', leaseUntil - at } end
  if redis.call('HGET', record, 'state') ~= 'in_progress' then
    redis.call('HDEL', lane, 'holder', 'leaseUntil')
  end
end
redis.call('HDEL', waiting, id)
local before = redis.call('HGET', held, id)
redis.call('HDEL', held, id)
if isFinal(record) then return { 'ended' } end

local newestStarted = redis.call('HGET', lane, 'newestStarted') or '0'
if policy == 'supersede' and isBefore(records, id, newestStarted) then
  give(record, statuses, 'inactive', 'Superseded by #' .. newestStarted .. '.', at)
  return { 'superseded', newestStarted }
end

for _, other in ipairs(redis.call('HKEYS', held)) do
  if at - cjson.decode(redis.call('HGET', held, other)).at > forgetMs then redis.call('HDEL', held, other) end
end
local note = cjson.decode(ARGV[4])
note.at = at
note.since = before and cjson.decode(before).since or at
redis.call('HSET', held, id, cjson.encode(note))
local last = redis.call('LINDEX', statuses, -1)
if not last or cjson.decode(last).description ~= description then
  give(record, statuses, 'queued', description, at)
end
return { 'held' }
`)

/**
 * Says that what holds a lane's deployments back may be over. One that does not sleep yet sees by the number that it
 * must look again. Keys: lane, held. Gives the ids of those that are held, and the lane's policy, if it is known.
 */
export const announceNews = defineScript(`
redis.call('HINCRBY', KEYS[1], 'news', 1)
return { redis.call('HKEYS', KEYS[2]), redis.call('HGET', KEYS[1], 'policy') }
`)
