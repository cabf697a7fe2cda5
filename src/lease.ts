import { defineScript } from './redis.ts'

/** Takes a lease, or renews it. Keys: the lease. Arguments: token, ms. Gives 1, or 0 if another has it. */
export const holdLease = defineScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`)

/** Gives a lease back. Keys: the lease. Arguments: token. */
export const releaseLease = defineScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`)
