import type { Scope } from './scope.ts'

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
