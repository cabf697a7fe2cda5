import { createHash, timingSafeEqual } from 'node:crypto'
import type { Keys } from '../deployments/keys.ts'
import type { Redis } from '../redis/redis.ts'
import { endUnlessTold, open, read, take } from './scripts.ts'

/** How a deployment went, as whoever did it tells. */
export interface Told {
  state: 'success' | 'failure'
  /** One line for people; '' if it says none. */
  description: string
}

/** What is told in one call: how it went, a text for the log, or both. */
export interface Telling {
  outcome?: Told
  log?: string
}

/** What became of a call. */
export type Taken = 'taken' | 'unknown' | 'told' | 'over' | 'full'

/**
 * What is told of deployments by whoever does them. Of the token that lets it do so, only the hash is kept. What is taken is
 * in Redis before anybody is woken for it.
 */
export interface Callbacks {
  /** Lets whoever has the token tell of a deployment, for `forMs`. */
  open(deploymentId: number, token: string, forMs: number): Promise<void>
  take(deploymentId: number, token: string, telling: Telling): Promise<Taken>
  /** The outcome, if it has come, and the texts for the log that came since this was last asked. */
  read(deploymentId: number): Promise<{ outcome?: Told; texts: string[] }>
  /** From now on, nothing is taken any more; gives the outcome if it came before. */
  end(deploymentId: number): Promise<Told | undefined>
  /** Where the ids of deployments of which something was told are published. */
  channel: string
}

/** So many texts for a log may wait for a worker; who tells more is asked to come back. */
const mostTexts = 100

/** Opens the callbacks in Redis. */
export function openCallbacks(redis: Redis, keys: Keys, prefix: string): Callbacks {
  const channel = `${prefix}:callbacks`
  const keysOf = (id: number) => [keys.callback(id), keys.callbackLog(id)]
  return {
    channel,

    async open(id, token, forMs) {
      await open(redis, keysOf(id), [hashOf(token), forMs])
    },

    async take(id, token, { outcome, log = '' }) {
      const known = (await redis.hkeys(keys.callback(id))).filter((field) => field.startsWith('token:'))
      const given = hashOf(token)
      if (!known.some((field) => isSame(field, `token:${given}`))) return 'unknown'
      const told = outcome ? JSON.stringify(outcome) : ''
      const args = [given, told, log, mostTexts, channel, id]
      return (await take(redis, [...keysOf(id), keys.record(id)], args)) as Taken
    },

    async read(id) {
      const [outcome, texts] = (await read(redis, keysOf(id), [])) as [string | null, string[]]
      return { texts, ...(outcome === null ? {} : { outcome: JSON.parse(outcome) as Told }) }
    },

    async end(id) {
      const outcome = (await endUnlessTold(redis, [keys.callback(id)], [])) as string | null
      return outcome === null ? undefined : (JSON.parse(outcome) as Told)
    },
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
