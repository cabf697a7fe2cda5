import { luaNow } from '../redis/now-script.ts'
import { defineScript } from '../redis/redis.ts'
import { barScope } from './lanes-in-scope.ts'

/** Lua: reads locks. */
export const lockReading = `
-- A lock that is not over; one that is goes.
local function live(locks, scope, at)
  local json = redis.call('HGET', locks, scope)
  if not json then return nil end
  local lock = cjson.decode(json)
  if not lock.expiresAt or lock.expiresAt > at then return json, lock end
  redis.call('HDEL', locks, scope)
  return nil
end

-- Those on scopes.
local function liveLocks(locks, scopes, at)
  local found = {}
  for _, scope in ipairs(scopes) do
    local json = live(locks, scope, at)
    if json then table.insert(found, json) end
  end
  return found
end
`

const shared = `${luaNow}${barScope}${lockReading}`

/**
 * Takes a lock, unless another has it; one's own is renewed. Keys: locks, lanes. Arguments: the scope's name, the lock as JSON, ms
 * until it expires (empty: never). Gives 1 if it was taken, else 0, and the lock that there is then.
 */
export const take = defineScript(`${shared}
local at = now()
local lock = cjson.decode(ARGV[2])
local json, before = live(KEYS[1], ARGV[1], at)
if before and before.owner ~= lock.owner then return { 0, json } end
lock.since = before and before.since or at
if before then lock.id = before.id end
if ARGV[3] ~= '' then lock.expiresAt = at + tonumber(ARGV[3]) end
json = cjson.encode(lock)
redis.call('HSET', KEYS[1], ARGV[1], json)
bar(KEYS[2], ARGV[1])
return { 1, json }
`)

/**
 * Releases a lock. Keys: locks. Arguments: the scope's name, the lock's id (empty: whichever). Gives the lock that there was, or
 * nil if it is not there.
 */
export const release = defineScript(`${shared}
local json, lock = live(KEYS[1], ARGV[1], now())
if not lock or (ARGV[2] ~= '' and lock.id ~= ARGV[2]) then return false end
redis.call('HDEL', KEYS[1], ARGV[1])
return json
`)

/** The locks that are not over. Keys: locks. Arguments: the names of scopes; none: all. */
export const readLocks = defineScript(`${shared}
local scopes = #ARGV > 0 and ARGV or redis.call('HKEYS', KEYS[1])
return liveLocks(KEYS[1], scopes, now())
`)
