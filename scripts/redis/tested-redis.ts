import type { RedisTls } from '../../src/redis/options.ts'
import type { Undo } from '../undo.ts'
import type { TestedServer } from './server.ts'

/** Something that is done to it while deployments run. */
export interface RedisFault {
  what: string
  /** Does it to the master of the keys below this prefix, and waits until one is in charge again. @throws if none ever is */
  strike(prefix: string): Promise<void>
  /** Takes it back: whoever was down is there again. */
  heal(): Promise<void>
}

/** How a server goes, and how it comes back. */
export interface Absence {
  goes(master: TestedServer): Promise<void> | void
  comes(master: TestedServer): Promise<void> | void
}

/** A Redis as it is run in production, with what can happen to it. */
export interface TestedRedis {
  url: string
  tls?: RedisTls
  /** The settings of those who connect to it. */
  env: Record<string, string>
  /** In the order in which they strike. */
  faults: RedisFault[]
  /** What it would not do for Livraison, in words. */
  refusals?(): Promise<string[]>
}

export interface TestedRedisOptions {
  directory: string
  undo: Undo
  /** What `redis-server` is to be; the first on PATH unless given. */
  program?: string | undefined
}

/** Starts one; what was started is pushed on `undo`. */
export type StartTestedRedis = (options: TestedRedisOptions) => Promise<TestedRedis>
