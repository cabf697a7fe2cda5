import type { Logger } from '../log.ts'
import type { Redis } from '../redis.ts'
import { GitHubUnavailable } from './failure.ts'

/** When GitHub tells one worker to slow down, or refuses our token, the whole fleet leaves it alone for as long. */
export interface Pause {
  /** @throws {GitHubUnavailable} with the time left, while the pause lasts */
  check(): Promise<void>
  /** Begins a pause if the failure asks for one. */
  begin(failure: GitHubUnavailable): Promise<void>
}

/** For so long an answer of Redis counts for the next calls, too: a request is under way to GitHub for longer. */
const countsMs = 20

/** A pause shared through Redis. The first to begin one says so, loudly, once. */
export function createPause(redis: Redis, prefix: string, log: Logger): Pause {
  const key = `${prefix}:github:pause`
  let last: { askedAt: number; answer: Promise<void> } | undefined

  const ask = async () => {
    const leftMs = await redis.pttl(key)
    if (leftMs <= 0) return
    const reason = (await redis.get(key)) === 'unauthorized' ? 'unauthorized' : 'rate-limited'
    const message = `GitHub is left alone for ${Math.ceil(leftMs / 1000)} s more (${reason}).`
    throw new GitHubUnavailable(reason, message, { retryAfterMs: leftMs })
  }

  return {
    check() {
      const askedAt = performance.now()
      if (last === undefined || askedAt - last.askedAt > countsMs) last = { askedAt, answer: ask() }
      return last.answer
    },

    async begin({ reason, message, retryAfterMs }) {
      if (retryAfterMs === undefined || (reason !== 'rate-limited' && reason !== 'unauthorized')) return
      last = undefined
      const first = await redis.set(key, reason, 'PX', Math.max(1, Math.ceil(retryAfterMs)), 'NX')
      if (first !== 'OK') return
      const seconds = Math.ceil(retryAfterMs / 1000)
      if (reason === 'unauthorized') log.error({ seconds }, `${message} All workers wait and then try again.`)
      else log.warn({ seconds }, `${message} All workers wait.`)
    },
  }
}
