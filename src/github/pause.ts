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

/** A pause shared through Redis. The first to begin one says so, loudly, once. */
export function createPause(redis: Redis, prefix: string, log: Logger): Pause {
  const key = `${prefix}:github:pause`
  return {
    async check() {
      const leftMs = await redis.pttl(key)
      if (leftMs <= 0) return
      const reason = (await redis.get(key)) === 'unauthorized' ? 'unauthorized' : 'rate-limited'
      const message = `GitHub is left alone for ${Math.ceil(leftMs / 1000)} s more (${reason}).`
      throw new GitHubUnavailable(reason, message, { retryAfterMs: leftMs })
    },

    async begin({ reason, message, retryAfterMs }) {
      if (retryAfterMs === undefined || (reason !== 'rate-limited' && reason !== 'unauthorized')) return
      const first = await redis.set(key, reason, 'PX', Math.max(1, Math.ceil(retryAfterMs)), 'NX')
      if (first !== 'OK') return
      const seconds = Math.ceil(retryAfterMs / 1000)
      if (reason === 'unauthorized') log.error({ seconds }, `${message} All workers wait and then try again.`)
      else log.warn({ seconds }, `${message} All workers wait.`)
    },
  }
}
