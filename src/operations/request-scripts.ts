import { defineScript } from '../redis/redis.ts'

/**
 * Writes a request down, or gives the one of that id that is there. One that came to nothing may be made anew where
 * that is wanted: then it has a higher attempt. Keys: request. Arguments: the request as JSON, ms to keep it, 1 to make it anew.
 * Gives 1 if it is new, then the fields as a list.
 */
export const open = defineScript(`
local request = KEYS[1]
local isNew = 0
local attempt = tonumber(redis.call('HGET', request, 'attempt') or '0')
if attempt == 0 or (ARGV[3] == '1' and redis.call('HEXISTS', request, 'refused') == 1) then
  local time = redis.call('TIME')
  local at = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  redis.call('DEL', request)
  redis.call('HSET', request, 'asked', ARGV[1], 'at', at, 'attempt', attempt + 1)
  redis.call('PEXPIRE', request, ARGV[2])
  isNew = 1
end
return { isNew, redis.call('HGETALL', request) }
`)

/**
 * Notes the result of a request, unless it has one: a deployment, or why there is none. Keys: request.
 * Arguments: the field, its value. Gives 1 if it was noted.
 */
export const settle = defineScript(`
local request = KEYS[1]
if redis.call('EXISTS', request) == 0 then return 0 end
if redis.call('HEXISTS', request, 'deployment') == 1 then return 0 end
if ARGV[1] == 'waitsFor' and redis.call('HEXISTS', request, 'refused') == 1 then return 0 end
if ARGV[1] ~= 'waitsFor' then redis.call('HDEL', request, 'waitsFor', 'refused') end
redis.call('HSET', request, ARGV[1], ARGV[2])
return 1
`)
