import { step } from '../deployments/step.ts'
import { defineScript } from '../redis/redis.ts'

/**
 * Lets whoever has a token tell how a deployment went; those that were let before go on. Keys: callback, its log.
 * Arguments: the token's hash, for how many ms.
 */
export const open = defineScript(`
redis.call('HSET', KEYS[1], 'token:' .. ARGV[1], 1)
for key = 1, 2 do redis.call('PEXPIRE', KEYS[key], ARGV[2]) end
return 1
`)

/**
 * Takes what is told, and wakes who waits for it. Keys: callback, its log, record. Arguments: the token's hash, the outcome
 * as JSON or '', lines for the log or '', how many such may wait, channel, id.
 * Gives taken, unknown (that token is none), told (the outcome has come already), over or full.
 */
export const take = defineScript(`${step}
if redis.call('HEXISTS', KEYS[1], 'token:' .. ARGV[1]) == 0 then return 'unknown' end
if redis.call('HEXISTS', KEYS[1], 'outcome') == 1 then return 'told' end
if redis.call('HEXISTS', KEYS[1], 'ended') == 1 or isFinal(KEYS[3]) then return 'over' end
local isFull = redis.call('LLEN', KEYS[2]) >= tonumber(ARGV[4])
if isFull and ARGV[2] == '' then return 'full' end
if ARGV[3] ~= '' and not isFull then
  redis.call('RPUSH', KEYS[2], ARGV[3])
  redis.call('PEXPIRE', KEYS[2], redis.call('PTTL', KEYS[1]))
end
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'outcome', ARGV[2]) end
redis.call('PUBLISH', ARGV[5], ARGV[6])
return 'taken'
`)

/** Gives what has come: the outcome or nil, then what is for the log, which is taken out. Keys: callback, its log. */
export const read = defineScript(`
local lines = redis.call('LRANGE', KEYS[2], 0, -1)
redis.call('DEL', KEYS[2])
return { redis.call('HGET', KEYS[1], 'outcome'), lines }
`)

/** Ends it, unless the outcome has come: that is given then. Keys: callback. */
export const endUnlessTold = defineScript(`
local outcome = redis.call('HGET', KEYS[1], 'outcome')
if not outcome then redis.call('HSET', KEYS[1], 'ended', 1) end
return outcome
`)
