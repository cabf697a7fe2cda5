import { messageOf } from './errors.ts'
import { Refusal } from './refusal.ts'

/** Whether a command failed because Redis cannot be reached. */
export function isRedisAway(error: unknown): boolean {
  return /isn't writeable|Command timed out|Connection is closed|max retries/i.test(messageOf(error))
}

/** What whoever waits for something in Redis is told. */
export function redisIsAway(): Refusal {
  return new Refusal(
    503,
    'Redis cannot be reached, and all that there is to tell lies there. Try again later.',
  )
}
