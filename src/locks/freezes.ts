import type { Scope } from './scope.ts'

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
