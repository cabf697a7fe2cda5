import type { Logger } from '../log/log.ts'
import type { Redis } from '../redis/redis.ts'
import { GitHubUnavailable } from './failure.ts'

/**
 * When GitHub tells one worker to slow down, or refuses our token, the whole fleet leaves it alone for as long: all of it, or what
 * is asked for one account, if that has limits of its own.
 */
export interface Pause {
  /** @throws {GitHubUnavailable} with the time left, while the pause lasts */
  check(account?: string): Promise<void>
  /** Begins a pause if the failure asks for one. */
  begin(failure: GitHubUnavailable, account?: string): Promise<void>
}

/** Where a pause is noted: of all, or of one account's. */
export function pauseKey(prefix: string, account?: string): string {
  return `${prefix}:github:pause${account === undefined ? '' : `:${account.toLowerCase()}`}`
}

/** For so long an answer of Redis counts for the next calls, too: a request is under way to GitHub for longer. */
const countsMs = 20

/** A pause shared through Redis. The first to begin one says so, loudly, once. */
export function createPause(redis: Redis, prefix: string, log: Logger): Pause {
  const asked = new Map<string, { askedAt: number; answer: Promise<void> }>()

  const ask = async (key: string) => {
    const leftMs = await redis.pttl(key)
    if (leftMs <= 0) return
    const reason = (await redis.get(key)) === 'unauthorized' ? 'unauthorized' : 'rate-limited'
    const message = `GitHub is left alone for ${Math.ceil(leftMs / 1000)} s more (${reason}).`
    throw new GitHubUnavailable(reason, message, { retryAfterMs: leftMs })
  }

  return {
    check(account) {
      const key = pauseKey(prefix, account)
      const askedAt = performance.now()
      const last = asked.get(key)
      if (last !== undefined && askedAt - last.askedAt <= countsMs) return last.answer
      const answer = ask(key)
      asked.set(key, { askedAt, answer })
      return answer
    },

    async begin({ reason, message, retryAfterMs }, account) {
      if (retryAfterMs === undefined || (reason !== 'rate-limited' && reason !== 'unauthorized')) return
      const key = pauseKey(prefix, account)
      asked.delete(key)
      const first = await redis.set(key, reason, 'PX', Math.max(1, Math.ceil(retryAfterMs)), 'NX')
      if (first !== 'OK') return
      const seconds = Math.ceil(retryAfterMs / 1000)
      if (reason === 'unauthorized') log.error({ seconds }, `${message} All workers wait and then try again.`)
      else log.warn({ seconds }, `${message} All workers wait.`)
    },
  }
}
