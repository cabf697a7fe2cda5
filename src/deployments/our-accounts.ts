import type { Redis } from '../redis/redis.ts'

/** The accounts at GitHub that our deployments were made with: theirs are the payloads that may be believed. */
export interface OurAccounts {
  note(login: string): Promise<void>
  has(login: string): Promise<boolean>
}

/** Opens the accounts in Redis: a set. */
export function openOurAccounts(redis: Redis, prefix: string): OurAccounts {
  const key = `${prefix}:our-accounts`
  return {
    async note(login) {
      await redis.sadd(key, login)
    },
    async has(login) {
      return (await redis.sismember(key, login)) === 1
    },
  }
}
