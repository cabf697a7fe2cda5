import { randomUUID } from 'node:crypto'
import type { Held } from '../deployments/held.ts'
import { deploymentKeys } from '../deployments/keys.ts'
import { openFeedWriter } from '../feed/writer.ts'
import type { Redis } from '../redis/redis.ts'
import { declare, end, readFreezes } from './freeze-scripts.ts'
import { scopeKey, scopesAround, wakeScope } from './lanes-in-scope.ts'
import { placeOf, type Scope } from './scope.ts'

/** A time in which nothing begins to be deployed. Times are milliseconds since 1970. */
export interface Freeze {
  id: string
  scope: Scope
  from: number
  until: number
  reason: string
  /** Who declared it: an {@link Actor}'s name. */
  by: string
  at: number
}

/** The freezes that people declared; those of the configuration file are in its rules. */
export interface Freezes {
  freeze(request: Omit<Freeze, 'id' | 'at'>): Promise<Freeze>
  /** Ends one and wakes what it held; gives it, or undefined if there is none. */
  thaw(id: string): Promise<Freeze | undefined>
  /** Those that are not over, and whose scope an environment is in. */
  of(repositoryId: number, environment: string): Promise<Freeze[]>
  all(): Promise<Freeze[]>
}

/** Hash: the freezes, by their ids. */
export function freezesKey(prefix: string): string {
  return `${prefix}:freezes`
}

/** Freezes as Redis has them, the first that begins first. */
export function toFreezes(jsons: readonly string[]): Freeze[] {
  return jsons.map((json): Freeze => JSON.parse(json)).sort((a, b) => a.from - b.from || a.at - b.at)
}

/** Opens the freezes in Redis: one hash, by their ids. `held` is for waking what they held. */
export function openFreezes(redis: Redis, prefix: string, held: Held): Freezes {
  const keys = deploymentKeys(prefix)
  const freezes = freezesKey(prefix)
  const feed = openFeedWriter(redis, prefix)
  const all = async () => toFreezes((await readFreezes(redis, [freezes], [])) as string[])

  return {
    async freeze(request) {
      const id = randomUUID()
      const args = [scopeKey(request.scope), id, JSON.stringify({ ...request, id })]
      const json = (await declare(redis, [freezes, keys.lanes], args)) as string
      await feed.note({ kind: 'freeze', ...placeOf(request.scope) })
      return JSON.parse(json)
    },

    async thaw(id) {
      const json = await end(redis, [freezes], [id])
      if (typeof json !== 'string') return undefined
      const freeze = JSON.parse(json) as Freeze
      await wakeScope(redis, keys, held, freeze.scope)
      await feed.note({ kind: 'freeze', ...placeOf(freeze.scope) })
      return freeze
    },

    async of(repositoryId, environment) {
      const around: string[] = scopesAround(repositoryId, environment)
      return (await all()).filter(({ scope }) => around.includes(scopeKey(scope)))
    },

    all,
  }
}
