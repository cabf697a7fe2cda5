import { rememberedMs } from '../jobs/queues.ts'
import type { Redis } from '../redis/redis.ts'

/** A merge, push, tag or promotion of which no deployment was made, and why. */
export interface Skipped {
  jobId: string
  repositoryId: number
  environment: string
  sha: string
  pullRequest?: number
  tag?: string
  /** A sentence without its subject and its full stop: `none of the 3 files ...`. */
  reason: string
  /** Milliseconds since 1970, by a worker's clock. */
  at: number
}

/** The memory of what was left out, for whoever asks why nothing happened. */
export interface SkippedMemory {
  write(skipped: Skipped): Promise<void>
  /** What was left out in a lane lately, newest first. */
  list(repositoryId: number, environment: string): Promise<Skipped[]>
}

/** So many of a lane are told of. */
const kept = 10

/** Opens the memory in Redis: a list a lane. */
export function openSkipped(redis: Redis, prefix: string): SkippedMemory {
  const laneOf = (repositoryId: number, environment: string) =>
    `${prefix}:skipped:${repositoryId}:${environment}`
  const read = async (lane: string) =>
    (await redis.lrange(lane, 0, -1)).map((json) => ({ json, skipped: JSON.parse(json) as Skipped }))

  return {
    async write(skipped) {
      const lane = laneOf(skipped.repositoryId, skipped.environment)
      const steps = redis.multi()
      // A job that is done again tells of the same: the last word on it counts.
      for (const before of await read(lane)) {
        if (before.skipped.jobId === skipped.jobId) steps.lrem(lane, 0, before.json)
      }
      await steps
        .lpush(lane, JSON.stringify(skipped))
        .ltrim(lane, 0, kept - 1)
        .pexpire(lane, rememberedMs)
        .exec()
    },

    async list(repositoryId, environment) {
      return (await read(laneOf(repositoryId, environment))).map(({ skipped }) => skipped)
    },
  }
}
