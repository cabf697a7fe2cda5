import { luaNow } from '../redis/now-script.ts'
import { defineScript } from '../redis/redis.ts'
import { barScope } from './lanes-in-scope.ts'

/** Lua: reads the freezes that are not over; those that are go. */
export const freezeReading = `
local function liveFreezes(freezes, at)
  local found = {}
  for _, id in ipairs(redis.call('HKEYS', freezes)) do
    local json = redis.call('HGET', freezes, id)
    if cjson.decode(json)['until'] > at then
      table.insert(found, json)
    else
      redis.call('HDEL', freezes, id)
    end
  end
  return found
end
`

const shared = `${luaNow}${barScope}${freezeReading}`

/** Declares a freeze. Keys: freezes, lanes. Arguments: the scope's name, id, the freeze as JSON. Gives it with its time. */
export const declare = defineScript(`${shared}
local freeze = cjson.decode(ARGV[3])
freeze.at = now()
local json = cjson.encode(freeze)
redis.call('HSET', KEYS[1], ARGV[2], json)
bar(KEYS[2], ARGV[1])
return json
`)

/** Ends a freeze. Keys: freezes. Arguments: its id. Gives it, or nil if it is over or there is none. */
export const end = defineScript(`${shared}
local json = redis.call('HGET', KEYS[1], ARGV[1])
if not json then return false end
redis.call('HDEL', KEYS[1], ARGV[1])
if cjson.decode(json)['until'] <= now() then return false end
return json
`)

/** The freezes that are not over; those that are go. Keys: freezes. */
export const readFreezes = defineScript(`${shared}
return liveFreezes(KEYS[1], now())
`)
