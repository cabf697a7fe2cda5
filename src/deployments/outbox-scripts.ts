import { leasing } from '../redis/lease.ts'
import { defineScript } from '../redis/redis.ts'

/**
 * Takes the turn to write a deployment's statuses to GitHub, or keeps it, if there is something to write. Keys: the turn's lease,
 * record, statuses. Arguments: token, ms. Gives: another (has it) | nothing (is to be written, or can be) |
 * turn, 1 if GitHub may have more than is known, how many statuses GitHub has, the statuses.
 */
export const takeTurn = defineScript(`${leasing}
local sent, uncertain, unreportable = unpack(redis.call('HMGET', KEYS[2], 'sent', 'uncertain', 'unreportable'))
if unreportable then return { 'nothing' } end
if not hold(KEYS[1], ARGV[1], ARGV[2]) then return { 'another' } end
local statuses = redis.call('LRANGE', KEYS[3], 0, -1)
if not uncertain and #statuses <= tonumber(sent or '0') then
  release(KEYS[1], ARGV[1])
  return { 'nothing' }
end
return { 'turn', uncertain and 1 or 0, sent or '0', statuses }
`)

/**
 * Notes how many statuses GitHub has, and renews the turn, or ends it. Keys: the turn's lease, record. Arguments: token, ms
 * (empty: it ends), how many. Never fewer than before: a worker that was cut off Redis may come with this late. Gives 1, or 0
 * if another has the turn.
 */
export const noteSent = defineScript(`${leasing}
if tonumber(ARGV[3]) > tonumber(redis.call('HGET', KEYS[2], 'sent') or '0') then
  redis.call('HSET', KEYS[2], 'sent', ARGV[3])
end
if ARGV[2] ~= '' then return hold(KEYS[1], ARGV[1], ARGV[2]) and 1 or 0 end
release(KEYS[1], ARGV[1])
return 1
`)
