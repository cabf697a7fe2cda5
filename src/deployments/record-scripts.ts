import { defineScript } from '../redis/redis.ts'
import { step } from './step.ts'

/**
 * Writes a deployment down, unless it is known, and forgets the lane's oldest that are over when it has too many; never what
 * is deployed there now. Gives how many statuses GitHub has, and the statuses.
 * Keys: record, statuses, all, repository's, lane's, lanes.
 * Arguments: id, description, how many a lane keeps, the lane (empty: it takes none), then fields and values.
 */
export const accept = defineScript(`${step}
local function known()
  return { redis.call('HGET', KEYS[1], 'sent'), redis.call('LRANGE', KEYS[2], 0, -1) }
end
if redis.call('EXISTS', KEYS[1]) == 1 then return known() end
local at = now()
redis.call('HSET', KEYS[1], 'acceptedAt', at, 'sent', 0, 'tries', 0, unpack(ARGV, 5))
give(KEYS[1], KEYS[2], 'pending', ARGV[2], at)
for key = 3, 5 do redis.call('ZADD', KEYS[key], ARGV[1], ARGV[1]) end
if ARGV[4] ~= '' then redis.call('SADD', KEYS[6], ARGV[4]) end
local lane = laneOf(KEYS[1])
local current = lane and redis.call('HGET', lane, 'lastSuccess')

local record = string.sub(KEYS[1], 1, -#ARGV[1] - 1)
local function forget(id)
  redis.call('DEL', record .. id, record .. id .. ':statuses', record .. id .. ':log', record .. id .. ':approvals')
  for key = 3, 5 do redis.call('ZREM', KEYS[key], id) end
end
local most = tonumber(ARGV[3])
local tooMany = redis.call('ZCARD', KEYS[5]) - most
for index, id in ipairs(redis.call('ZRANGE', KEYS[5], 0, 19)) do
  local expired = redis.call('EXISTS', record .. id) == 0
  if expired or (index <= tooMany and id ~= current and isFinal(record .. id)) then forget(id) end
end
return known()
`)

/**
 * Writes down what is deployed in a lane by what GitHub says, unless the lane knows that or better. Its own moments are GitHub's,
 * unless there is a record: whoever was told of the deployment again has taken its end over, and not that it is what is deployed.
 * A lane in which something runs or waits is left alone: what that is to become is found out first, in its order.
 * Keys: record, statuses, all, repository's, lane's, lanes, lane, waiting.
 * Arguments: id, description, the lane, when it began and when it ended, in ms since 1970, then fields and values.
 * Gives 1, or 0 if nothing was changed.
 */
export const restore = defineScript(`${step}
local record, lane, id = KEYS[1], KEYS[7], ARGV[1]
local last = tonumber(redis.call('HGET', lane, 'lastSuccess') or '0')
local state = redis.call('HGET', record, 'state')
if (state and state ~= 'success') or last >= tonumber(id) then return 0 end
if redis.call('HEXISTS', lane, 'holder') == 1 or redis.call('HLEN', KEYS[8]) > 0 then return 0 end
if not state then
  redis.call('HSET', record, 'acceptedAt', ARGV[4], 'startedAt', ARGV[4], 'finishedAt', ARGV[5], 'state', 'success',
    'sent', 1, 'tries', 1, unpack(ARGV, 6))
  redis.call('RPUSH', KEYS[2], cjson.encode({ state = 'success', description = ARGV[2], at = tonumber(ARGV[5]) }))
end
for key = 3, 5 do redis.call('ZADD', KEYS[key], id, id) end
redis.call('SADD', KEYS[6], ARGV[3])
redis.call('HSET', lane, 'lastSuccess', id, 'lastSuccessSha', redis.call('HGET', record, 'sha'))
if tonumber(redis.call('HGET', lane, 'newestStarted') or '0') < tonumber(id) then
  redis.call('HSET', lane, 'newestStarted', id)
end
if tonumber(redis.call('HGET', lane, 'failed') or '0') < tonumber(id) then redis.call('HDEL', lane, 'failed') end
noteOutcome(record)
tell(record)
return 1
`)

/**
 * Lets a deployment that is over run out after a time; one that is deployed now only when another is. Forgets outcomes that are
 * as old. Keys: record, statuses, log, approvals. Arguments: id, ms.
 */
export const close = defineScript(`${step}
local records = string.sub(KEYS[1], 1, -#ARGV[1] - 1)
local function runOut(id)
  for _, what in ipairs({ '', ':statuses', ':log', ':approvals' }) do redis.call('PEXPIRE', records .. id .. what, ARGV[2]) end
end
redis.call('ZREMRANGEBYSCORE', below(KEYS[1]) .. ':outcomes', '-inf', now() - tonumber(ARGV[2]))
local lane = laneOf(KEYS[1])
local current, kept
if lane then current, kept = unpack(redis.call('HMGET', lane, 'lastSuccess', 'kept')) end
if current == ARGV[1] then
  if kept and kept ~= current then runOut(kept) end
  redis.call('HSET', lane, 'kept', current)
else
  runOut(ARGV[1])
end
return 1
`)

/**
 * Takes over what GitHub has of a deployment and Redis does not know. Keys: record, statuses.
 * Arguments: how many of the statuses GitHub has, then the state and description that GitHub shows, if they matter.
 */
export const adopt = defineScript(`${step}
if tonumber(ARGV[1]) > tonumber(redis.call('HGET', KEYS[1], 'sent')) then
  redis.call('HSET', KEYS[1], 'sent', ARGV[1])
end
if ARGV[2] ~= '' and give(KEYS[1], KEYS[2], ARGV[2], ARGV[3], now()) == 1 then
  redis.call('HSET', KEYS[1], 'sent', redis.call('LLEN', KEYS[2]))
  if tonumber(redis.call('HGET', KEYS[1], 'tries')) == 0 then redis.call('HSET', KEYS[1], 'tries', 1) end
end
return 1
`)

/**
 * Notes how many statuses GitHub has. Keys: record. Arguments: how many. Never fewer than before: a worker that
 * was cut off Redis may come with this late.
 */
export const noteSent = defineScript(`
if tonumber(ARGV[1]) > tonumber(redis.call('HGET', KEYS[1], 'sent') or '0') then
  redis.call('HSET', KEYS[1], 'sent', ARGV[1])
end
return 1
`)

/**
 * Notes which deployment rolls another back. Keys: the other's record. Arguments: which.
 * Gives 1, or 0 if that is known, or the record is gone.
 */
export const rolledBackBy = defineScript(`
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HGET', KEYS[1], 'rolledBackBy') == ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'rolledBackBy', ARGV[1])
return 1
`)
