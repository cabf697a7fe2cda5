import { defineScript } from '../redis/redis.ts'

const now = `
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
`

/**
 * A notice is about to be sent. Keys: channel. Arguments: the notice's id. Gives `told` if it was told already, `uncertain` if an
 * attempt before was never heard of again, else `new`; and why the channel is broken, '' if it is not.
 */
export const begin = defineScript(`
local told, sending, since, reason = unpack(redis.call('HMGET', KEYS[1], 'told', 'sending', 'since', 'reason'))
local trouble = since and reason or ''
if told == ARGV[1] then return { 'told', trouble } end
if sending == ARGV[1] then return { 'uncertain', trouble } end
redis.call('HSET', KEYS[1], 'sending', ARGV[1])
return { 'new', trouble }
`)

/**
 * The channel works. Keys: channel. Arguments: the id of the notice that has arrived; empty if it was refused. Gives since when it
 * did not work; '' if it did.
 */
export const works = defineScript(`${now}
local since, sending = unpack(redis.call('HMGET', KEYS[1], 'since', 'sending'))
redis.call('HDEL', KEYS[1], 'since', 'reason', 'tries')
-- A worker that was paused may come with this when another is at the next one.
if ARGV[1] == '' or sending == ARGV[1] then redis.call('HDEL', KEYS[1], 'sending') end
if sending == ARGV[1] then redis.call('HSET', KEYS[1], 'told', ARGV[1], 'toldAt', now()) end
return since or ''
`)

/**
 * A notice could not be sent. Keys: channel. Arguments: why, 1 if it is certain that it did not arrive. Gives 1 if that the channel
 * is broken is news, and how often it was tried since.
 */
export const broken = defineScript(`${now}
local isNews = redis.call('HSETNX', KEYS[1], 'since', now())
redis.call('HSET', KEYS[1], 'reason', ARGV[1])
if ARGV[2] == '1' then redis.call('HDEL', KEYS[1], 'sending') end
return { isNews, redis.call('HINCRBY', KEYS[1], 'tries', 1) }
`)

/** A notice is never sent. Keys: channel. Arguments: why. */
export const letGo = defineScript(`${now}
redis.call('HDEL', KEYS[1], 'sending')
redis.call('HINCRBY', KEYS[1], 'letGo', 1)
redis.call('HSET', KEYS[1], 'letGoAt', now(), 'letGoReason', ARGV[1])
return 1
`)

/**
 * These channels are in the rules. Keys: all channels, then each channel. Arguments: of each its id, name, kind and repository
 * (empty: none).
 */
export const seen = defineScript(`${now}
local at = now()
for index = 2, #KEYS do
  local first = (index - 2) * 4 + 1
  local id, name, kind, repository = unpack(ARGV, first, first + 3)
  redis.call('ZADD', KEYS[1], at, id)
  redis.call('HSET', KEYS[index], 'name', name, 'kind', kind, 'repository', repository)
end
return at
`)
