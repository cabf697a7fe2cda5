import { freezeReading } from '../locks/freeze-scripts.ts'
import { lockReading } from '../locks/lock-scripts.ts'
import { luaNow } from '../redis/now-script.ts'
import { defineScript } from '../redis/redis.ts'

/**
 * All that may hold a deployment back, at one moment. Keys: record, lane, locks, freezes, approvals, late merge. Arguments: the
 * names of the scopes that it is in. Gives the time, the lane's numbers of news and barriers, the record, locks, freezes, approvals and
 * the deployment that replaces a late merge's.
 */
export const readFacts = defineScript(`${luaNow}${lockReading}${freezeReading}
local at = now()
local news, barriers = unpack(redis.call('HMGET', KEYS[2], 'news', 'barriers'))
return {
  at, news or '0', barriers or '0', redis.call('HGETALL', KEYS[1]),
  liveLocks(KEYS[3], ARGV, at), liveFreezes(KEYS[4], at), redis.call('HVALS', KEYS[5]),
  redis.call('GET', KEYS[6])
}
`)
