import { defineScript } from './redis.ts'

/** Lua, for scripts that do more in the same step: takes or renews a lease, unless another has it; gives one back. */
export const leasing = `
local function hold(lease, token, ms)
  local holder = redis.call('GET', lease)
  if holder and holder ~= token then return false end
  redis.call('SET', lease, token, 'PX', ms)
  return true
end

local function release(lease, token)
  if redis.call('GET', lease) == token then redis.call('DEL', lease) end
end
`

/** Takes a lease, or renews it. Keys: the lease. Arguments: token, ms. Gives 1, or 0 if another has it. */
export const holdLease = defineScript(`${leasing}
return hold(KEYS[1], ARGV[1], ARGV[2]) and 1 or 0
`)

/** Gives a lease back. Keys: the lease. Arguments: token. */
export const releaseLease = defineScript(`${leasing}
release(KEYS[1], ARGV[1])
return 1
`)
