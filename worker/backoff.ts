import { RetryLater } from '../src/errors/errors.ts'

const shortestMs = 250
const longestMs = 5 * 60_000

/**
 * How long to wait before the next attempt: as long as the other side said, else a quarter of a second and twice as
 * long each time, up to five minutes, with a share of chance so that what failed together does not come back together.
 */
export function backoffMs(attempt: number, error: unknown, random: () => number = Math.random): number {
  const asked = error instanceof RetryLater ? error.retryAfterMs : undefined
  if (asked !== undefined) return Math.ceil(asked + random() * 1000)
  const full = Math.min(shortestMs * 2 ** (attempt - 1), longestMs)
  return Math.ceil(full / 2 + (random() * full) / 2)
}
