import type { Redis } from 'ioredis'
import type { PrivateRedis } from '../private-redis.ts'
import type { Undo } from '../undo.ts'
import type { Figures } from './figures.ts'

/** What a part of the benchmark works with. */
export interface Bench {
  figures: Figures
  /** Takes down what the part started, when it is over or broken off. */
  undo: Undo
  /** An empty folder of the part's own. */
  directory: string
  rounds: number
  /** Only what the guard needs, with fewer requests. */
  quick: boolean
  /** Arguments for the Node of our own processes: how they are profiled. */
  nodeArguments: string[]
  /** Starts a Redis of the part's own that keeps an append-only file, as one in production should, or none. */
  redis(options: { persistent: boolean }): Promise<{ own: PrivateRedis; redis: Redis }>
  /** Says where it is. */
  say(line: string): void
  /** What is worth knowing beside the figures. */
  note(line: string): void
}

/** Measures, and adds what it found to the figures. */
export type Part = (bench: Bench) => Promise<void>
