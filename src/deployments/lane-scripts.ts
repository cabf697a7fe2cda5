import { defineScript } from '../redis/redis.ts'
import { step } from './step.ts'

/**
 * Asks to run in the lane, for a deployment that nothing holds back. Keys: lane, waiting, record, statuses, held.
 * Arguments: id, policy, worker, lease ms, ms after which a waiting deployment that was not heard of is forgotten, the digest of
 * the rules that it runs under (empty: unknown).
 * Gives: ended | superseded, id | overtaken, id | alive, ms | turn, whose, place |
 * wait, holder, place, ids that it supersedes | run, fence, its state, tries, deployedAt, outcome and
 * cancelAsked, id that it ends.
 */
export const enter = defineScript(`${step}
local lane, waiting, record, statuses = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, policy, worker, leaseMs, forgetMs = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local records = string.sub(record, 1, -#id - 1)
local at = now()

redis.call('HDEL', KEYS[5], id)
if isFinal(record) then
  redis.call('HDEL', waiting, id)
  return { 'ended' }
end

local holder = redis.call('HGET', lane, 'holder')
local leaseUntil = tonumber(redis.call('HGET', lane, 'leaseUntil') or '0')
if holder == id and leaseUntil > at then
  -- Whatever waits stays behind a run that was lost and is about to be taken up again.
  redis.call('HSET', waiting, id, at)
  return { 'alive', leaseUntil - at }
end

local older, lowest, newest = {}, id, id
local entries = redis.call('HGETALL', waiting)
for index = 1, #entries, 2 do
  local other = entries[index]
  if at - tonumber(entries[index + 1]) > forgetMs and other ~= id then
    redis.call('HDEL', waiting, other)
  else
    if isBefore(records, other, id) then table.insert(older, other) end
    if isBefore(records, other, lowest) then lowest = other end
    if isBefore(records, newest, other) then newest = other end
  end
end
local superseded = policy == 'supersede' and older or {}

local begun = tonumber(redis.call('HGET', record, 'tries')) > 0
local newestStarted = redis.call('HGET', lane, 'newestStarted') or '0'
if begun and isBefore(records, id, newestStarted) then
  redis.call('HDEL', waiting, id)
  return { 'overtaken', newestStarted }
end
if isBefore(records, newest, newestStarted) then newest = newestStarted end
if policy == 'supersede' and newest ~= id and not begun then
  give(record, statuses, 'inactive', 'Superseded by #' .. newest .. '.', at)
  redis.call('HDEL', waiting, id)
  return { 'superseded', newest }
end

-- A run that was lost is in progress still: for as long as a lease lasts again, it alone may take the lane up.
if holder and holder ~= id and leaseUntil + leaseMs > at then
  redis.call('HSET', waiting, id, at)
  return { 'wait', holder, #older + 1, unpack(superseded) }
end
if policy == 'queue' and lowest ~= id and not begun then
  redis.call('HSET', waiting, id, at)
  return { 'turn', lowest, #older + 1 }
end

-- Whoever held the lane was lost: that run ends here, before the next one begins.
local lostId
if holder and holder ~= id then
  local lost = records .. holder
  local state, reason = 'inactive', 'Superseded by #' .. id .. '.'
  if tonumber(redis.call('HGET', lost, 'tries') or '0') > 0 then
    state, reason = 'error', 'The worker running it was lost, and #' .. id .. ' has begun since.'
  end
  if redis.call('HGET', lost, 'state') == 'in_progress' then
    give(lost, lost .. ':statuses', state, reason, at)
    lostId = holder
  end
end

local fence = redis.call('HINCRBY', lane, 'fence', 1)
redis.call('HSET', lane, 'holder', id, 'leaseUntil', at + leaseMs, 'policy', policy)
redis.call('HDEL', waiting, id)
redis.call('HSET', record, 'worker', worker)
if ARGV[6] ~= '' then redis.call('HSET', record, 'rules', ARGV[6]) end
local earlier = redis.call('HMGET', record, 'state', 'tries', 'deployedAt', 'outcome', 'cancelAsked')
return { 'run', fence, earlier, lostId }
`)

/**
 * Begins the work of a deployment that has its lane. Keys: lane, record, statuses, waiting, held. Arguments: id, fence, the
 * number of the lane's barriers that it looked at (empty: whichever). Gives the ids of the older ones that it supersedes, nil if
 * another has the lane or it was cancelled a moment ago, or 'look again' if there is another barrier since.
 */
export const begin = defineScript(`${step}
local lane, record, id = KEYS[1], KEYS[2], ARGV[1]
if redis.call('HGET', lane, 'holder') ~= id or redis.call('HGET', lane, 'fence') ~= ARGV[2] then return false end
if redis.call('HEXISTS', record, 'cancelAsked') == 1 then return false end
if ARGV[3] ~= '' and (redis.call('HGET', lane, 'barriers') or '0') ~= ARGV[3] then return 'look again' end
local records = string.sub(record, 1, -#id - 1)
redis.call('HINCRBY', record, 'tries', 1)
give(record, KEYS[3], 'in_progress', 'Deploying.', now())
if isBefore(records, redis.call('HGET', lane, 'newestStarted') or '0', id) then
  redis.call('HSET', lane, 'newestStarted', id)
end
local superseded = {}
if redis.call('HGET', lane, 'policy') ~= 'supersede' then return superseded end
redis.call('HINCRBY', lane, 'news', 1)
for key = 4, 5 do
  for _, other in ipairs(redis.call('HKEYS', KEYS[key])) do
    if isBefore(records, other, id) then table.insert(superseded, other) end
  end
end
return superseded
`)

/**
 * Notes that the work is done and is still to be verified. Keys: lane, record. Arguments: id, fence, what the work said.
 * Gives 1, or 0 if another has the lane.
 */
export const deployed = defineScript(`${step}
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[2], 'deployedAt', now(), 'outcome', ARGV[3])
tell(KEYS[2])
return 1
`)

/** Renews a lease. Keys: lane. Arguments: id, fence, lease ms. Gives 1, or 0 if another has the lane. */
export const renew = defineScript(`${step}
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'leaseUntil', now() + tonumber(ARGV[3]))
return 1
`)

/**
 * Ends a run and frees the lane. Keys: lane, waiting, record, statuses. Arguments: id, fence, state, description,
 * 1 if it was verified, the sha to roll back to, who cancelled it. Gives the ids that wait in the lane, or nil if another has it: then nothing was changed.
 */
export const finish = defineScript(`${step}
local lane, waiting, record, statuses = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
if redis.call('HGET', lane, 'holder') ~= ARGV[1] or redis.call('HGET', lane, 'fence') ~= ARGV[2] then
  return false
end
local isEnd = give(record, statuses, ARGV[3], ARGV[4], now()) == 1
if ARGV[7] ~= '' and isEnd then noteCancelled(record, ARGV[7]) end
if ARGV[5] == '1' then redis.call('HSET', record, 'verifiedAt', now()) end
if ARGV[6] ~= '' then redis.call('HSET', record, 'rollbackTo', ARGV[6], 'rollsBack', 1) end
if ARGV[3] == 'success' then
  local last = redis.call('HGET', lane, 'lastSuccess')
  local kept = redis.call('HGET', record, 'production') == '1' or redis.call('HGET', record, 'transient') == '1'
  if kept and last and last ~= ARGV[1] then redis.call('HSET', record, 'retires', last) end
  redis.call('HSET', lane, 'lastSuccess', ARGV[1], 'lastSuccessSha', redis.call('HGET', record, 'sha') or '')
end
redis.call('HDEL', lane, 'holder', 'leaseUntil')
-- Another worker may have asked for it meanwhile, taking its worker for lost.
redis.call('HDEL', waiting, ARGV[1])
return redis.call('HKEYS', waiting)
`)

/**
 * Hands a lane back without an end. A deployment that is in progress keeps the first claim to the lane for as long
 * as a lease lasts. Keys: lane, record. Arguments: id, fence, 1 if the work was begun now and is to be begun again.
 */
export const handBack = defineScript(`${step}
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then
  return 0
end
if ARGV[3] == '1' then redis.call('HINCRBY', KEYS[2], 'tries', -1) end
if redis.call('HGET', KEYS[2], 'state') == 'in_progress' then
  redis.call('HSET', KEYS[1], 'leaseUntil', now())
else
  redis.call('HDEL', KEYS[1], 'holder', 'leaseUntil')
end
return 1
`)

/**
 * Ends a deployment that does not run. Keys: lane, waiting, record, statuses, held.
 * Arguments: id, state, description. Gives 1, or 0 if it is over already or a run of it may be alive.
 */
export const end = defineScript(`${step}
local leaseUntil = tonumber(redis.call('HGET', KEYS[1], 'leaseUntil') or '0')
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then
  if leaseUntil > now() then return 0 end
  redis.call('HINCRBY', KEYS[1], 'fence', 1)
  redis.call('HDEL', KEYS[1], 'holder', 'leaseUntil')
end
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[5], ARGV[1])
return give(KEYS[3], KEYS[4], ARGV[2], ARGV[3], now())
`)

/** Says what a deployment waits for, if that is news. Keys: record, statuses. Arguments: description. */
export const sayWaiting = defineScript(`${step}
local last = redis.call('LINDEX', KEYS[2], -1)
if last and cjson.decode(last).description == ARGV[1] then return 0 end
return give(KEYS[1], KEYS[2], 'queued', ARGV[1], now())
`)
