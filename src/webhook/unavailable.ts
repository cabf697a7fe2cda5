import { messageOf } from '../errors/errors.ts'
import { isRedisAway } from '../redis/away.ts'

/**
 * Redis cannot take the job now: a 503. GitHub shows the delivery as failed, and it can be redelivered; what a
 * late Redis may have stored all the same is the same job then.
 */
export class Unavailable extends Error {
  override name = 'Unavailable'
  readonly statusCode = 503
  readonly retryAfterSeconds = 10

  constructor(cause: unknown) {
    super(`The job was not queued: ${reasonOf(cause)} Redeliver this later.`, { cause })
  }
}

function reasonOf(cause: unknown): string {
  const message = messageOf(cause)
  if (message.startsWith('OOM')) return 'Redis is full (it has reached its maxmemory).'
  if (isRedisAway(message)) return 'Redis cannot be reached.'
  return `${message.replace(/\.?$/, '.')}`
}
