import { defineScript, type Redis } from '../redis/redis.ts'

/** How often a secret was told wrongly from one address: whoever tries them out is stopped. */
export interface Attempts {
  /** Counts one; gives for how many ms no more are taken, 0 if this one still is. */
  count(address: string): Promise<number>
  /** For how many ms no more are taken, 0 if they are. Counts nothing. */
  blockedForMs(address: string): Promise<number>
  /** Forgets them: the right one was told. */
  forget(address: string): Promise<void>
}

/** Keys: attempts. Arguments: for how many ms they count. Gives how many there are now, and for how long they count. */
const countOne = defineScript(`
local many = redis.call('INCR', KEYS[1])
if many == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { many, redis.call('PTTL', KEYS[1]) }
`)

const windowMs = 15 * 60_000

/** Attempts of one kind, of which so many are taken in a quarter of an hour. */
export function openAttempts(redis: Redis, prefix: string, kind: string, most: number): Attempts {
  const keyOf = (address: string) => `${prefix}:attempts:${kind}:${address}`
  return {
    async count(address) {
      const [many, leftMs] = (await countOne(redis, [keyOf(address)], [windowMs])) as [number, number]
      return many > most ? Math.max(leftMs, 1) : 0
    },
    async blockedForMs(address) {
      if (Number(await redis.get(keyOf(address))) < most) return 0
      return Math.max(await redis.pttl(keyOf(address)), 0)
    },
    async forget(address) {
      await redis.del(keyOf(address))
    },
  }
}
