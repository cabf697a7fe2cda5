import type { Redis } from '../redis/redis.ts'
import type { GitHub } from './client.ts'

/** How much of GitHub's rate limit is left, as the fleet's last answers said. */
export interface Budget {
  /** Whether less than a tenth is left: what can wait should, so that statuses still go out. */
  isLow(): Promise<boolean>
}

const lowShare = 0.1

/**
 * Watches the answers that this client gets and remembers in Redis, for the whole fleet, when little is left,
 * until the limit is reset.
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function watchBudget(github: GitHub, redis: Redis, prefix: string): Budget {
  const key = keyOf(prefix)
  github.hook.after('request', async ({ headers }) => {
    const lowMs = lowForMs(headers, Date.now())
    // Not waited for: a call to GitHub does not wait for Redis.
    if (lowMs > 0) void redis.set(key, headers['x-ratelimit-remaining'] ?? '', 'PX', lowMs).catch(() => {})
  })
  return readBudget(redis, prefix)
}

/** What those who watch have remembered. */
export function readBudget(redis: Redis, prefix: string): Budget {
  return { isLow: async () => (await redis.exists(keyOf(prefix))) === 1 }
}

function keyOf(prefix: string): string {
  return `${prefix}:github:low`
}

/** For how many milliseconds little will be left, by an answer's headers; 0 if enough is. Pure. */
export function lowForMs(headers: Record<string, string | number | undefined>, nowMs: number): number {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
    Number(headers[`x-ratelimit-${name}`] ?? Number.NaN),
  ) as [number, number, number]
  if (Number.isNaN(reset) || !(remaining < limit * lowShare)) return 0
  return Math.max(0, Math.ceil(reset * 1000 - nowMs))
}
