import { defineScript } from '../redis/redis.ts'
import { step } from './step.ts'

/**
 * Ends a deployment that has not begun, or asks its run to end. Keys: lane, waiting, record, statuses, held.
 * Arguments: id, what it ends with before it began, what if it runs ('' if what runs is to be left alone), by whom.
 * Gives unknown | over | runs (it is left alone) | asked (whoever runs it ends it) | ended.
 */
export const cancel = defineScript(`${step}
local lane, waiting, record, statuses, held = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, before, during, by = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('EXISTS', record) == 0 then return 'unknown' end
if isFinal(record) then return 'over' end

local isRunning = redis.call('HGET', record, 'state') == 'in_progress'
if isRunning and during == '' then return 'runs' end
local isHolder = redis.call('HGET', lane, 'holder') == id
if isHolder and tonumber(redis.call('HGET', lane, 'leaseUntil') or '0') > now() then
  redis.call('HSETNX', record, 'cancelAsked', cjson.encode({ before = before, during = during, by = by }))
  return 'asked'
end
-- Nobody runs it: its worker was lost, or has handed it back. Whatever that one still does has no say any more.
if isHolder then
  redis.call('HINCRBY', lane, 'fence', 1)
  redis.call('HDEL', lane, 'holder', 'leaseUntil')
end
redis.call('HDEL', waiting, id)
redis.call('HDEL', held, id)
give(record, statuses, isRunning and 'error' or 'inactive', isRunning and during or before, now())
noteCancelled(record, by)
return 'ended'
`)

/** Notes who lets a deployment pass that has not begun. Keys: record. Arguments: by whom. Gives 1, or 0 if it has. */
export const override = defineScript(`${step}
local state = redis.call('HGET', KEYS[1], 'state')
if not state or rank[state] >= rank.in_progress then return 0 end
redis.call('HSET', KEYS[1], 'overriddenBy', ARGV[1])
return 1
`)
