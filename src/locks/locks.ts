import { randomUUID } from 'node:crypto'
import type { Held } from '../deployments/held.ts'
import { deploymentKeys } from '../deployments/keys.ts'
import { openFeedWriter } from '../feed/writer.ts'
import type { Redis } from '../redis/redis.ts'
import { scopeKey, scopesAround, wakeScope } from './lanes-in-scope.ts'
import { readLocks, release, take } from './lock-scripts.ts'
import { placeOf, type Scope } from './scope.ts'

/** A lock on deployments. Times are milliseconds since 1970, by Redis's clock. */
export interface Lock {
  id: string
  scope: Scope
  /** Who holds it: an {@link Actor}'s name. */
  owner: string
  reason: string
  since: number
  /** When it ends by itself; undefined: not before somebody unlocks. */
  expiresAt?: number
  /** A hard one holds everything back; a soft one lets through what is forced, with a reason. */
  kind: 'hard' | 'soft'
  /** Whether what its owner asks for goes through. */
  ownerMayDeploy: boolean
}

/** A lock as it is asked for. */
export interface LockRequest {
  scope: Scope
  owner: string
  reason: string
  expiresInMs?: number | undefined
  kind: Lock['kind']
  ownerMayDeploy: boolean
}

export type Locking =
  | { outcome: 'locked'; lock: Lock }
  /** Another holds it; it is unchanged. One's own lock is renewed instead, with the new reason and expiry. */
  | { outcome: 'taken'; lock: Lock }

/** The locks; at most one on each scope. Taking and releasing one are single steps in Redis. */
export interface Locks {
  lock(request: LockRequest): Promise<Locking>
  /**
   * Releases the lock on a scope and wakes what it held; gives it, or undefined if there is none. With `id`, only that very lock: one
   * that somebody took meanwhile stays.
   */
  unlock(scope: Scope, id?: string): Promise<Lock | undefined>
  /** The lock on exactly this scope. */
  on(scope: Scope): Promise<Lock | undefined>
  /** All locks that hold an environment: the widest scope first. */
  of(repositoryId: number, environment: string): Promise<Lock[]>
  all(): Promise<Lock[]>
}

/** Hash: the locks, by the names of their scopes. */
export function locksKey(prefix: string): string {
  return `${prefix}:locks`
}

/** Locks as Redis has them. */
export function toLocks(jsons: readonly string[]): Lock[] {
  return jsons.map((json) => JSON.parse(json))
}

/** Opens the locks in Redis: one hash, by the names of their scopes. `held` is for waking what they held. */
export function openLocks(redis: Redis, prefix: string, held: Held): Locks {
  const keys = deploymentKeys(prefix)
  const locks = locksKey(prefix)
  const feed = openFeedWriter(redis, prefix)
  const read = async (scopes: string[]) => toLocks((await readLocks(redis, [locks], scopes)) as string[])

  return {
    async lock({ expiresInMs = '', ...request }) {
      const wanted = JSON.stringify({ id: randomUUID(), ...request })
      const args = [scopeKey(request.scope), wanted, expiresInMs]
      const [isTaken, json] = (await take(redis, [locks, keys.lanes], args)) as [number, string]
      if (isTaken === 1) await feed.note({ kind: 'lock', ...placeOf(request.scope) })
      return { outcome: isTaken === 1 ? 'locked' : 'taken', lock: JSON.parse(json) }
    },

    async unlock(scope, id = '') {
      const json = await release(redis, [locks], [scopeKey(scope), id])
      if (typeof json !== 'string') return undefined
      await wakeScope(redis, keys, held, scope)
      await feed.note({ kind: 'lock', ...placeOf(scope) })
      return JSON.parse(json)
    },

    on: async (scope) => (await read([scopeKey(scope)]))[0],
    of: (repositoryId, environment) => read(scopesAround(repositoryId, environment)),
    all: () => read([]),
  }
}
