import { rememberedMs } from '../jobs/queues.ts'
import type { Redis } from '../redis/redis.ts'

/** Why a pull request that asks for it is not merged yet, or was given up. Times are ms since 1970, by a worker's clock. */
export interface MergeWait {
  pullRequest: number
  /** Its head, and since when that has been known. */
  sha: string
  shaSince: number
  /** What is missing, in words, and since when it has been this. */
  reasons: string[]
  reasonsSince: number
  since: number
  until: number
}

/** The memory of what waits to be merged. */
export interface MergeWaits {
  read(repositoryId: number, pullRequest: number): Promise<MergeWait | undefined>
  write(repositoryId: number, wait: MergeWait): Promise<void>
  /** It waits no more. */
  remove(repositoryId: number, pullRequest: number): Promise<void>
  /** It is waited for no more, although it is not merged: `until` is when that was. */
  giveUp(repositoryId: number, wait: MergeWait): Promise<void>
  /** Those that wait in a repository, by number. */
  list(repositoryId: number): Promise<MergeWait[]>
  /** What was given up in a repository lately, newest first. */
  givenUp(repositoryId: number): Promise<MergeWait[]>
}

/** How long a pull request is waited for. A review may take days; what nobody cares for any more must end. */
export const waitLimitMs = 30 * 24 * 3600 * 1000

/** A wait that nobody looked at for so long after its limit, since no worker ran, is forgotten. */
const slackMs = 24 * 3600 * 1000

const keptGivenUp = 10
const keptReasons = 50

/** Opens the waits in Redis: a hash a repository, of pull request -> wait. */
export function openMergeWaits(redis: Redis, prefix: string): MergeWaits {
  const waitsOf = (repositoryId: number) => `${prefix}:merge-waits:${repositoryId}`
  const givenUpOf = (repositoryId: number) => `${prefix}:merges-given-up:${repositoryId}`
  const toJson = (wait: MergeWait) => JSON.stringify({ ...wait, reasons: wait.reasons.slice(0, keptReasons) })

  return {
    async read(repositoryId, pullRequest) {
      const json = await redis.hget(waitsOf(repositoryId), String(pullRequest))
      return json === null ? undefined : JSON.parse(json)
    },

    async write(repositoryId, wait) {
      const key = waitsOf(repositoryId)
      await redis
        .multi()
        .hset(key, wait.pullRequest, toJson(wait))
        .pexpire(key, waitLimitMs + slackMs)
        .exec()
    },

    async remove(repositoryId, pullRequest) {
      await redis.hdel(waitsOf(repositoryId), String(pullRequest))
    },

    async giveUp(repositoryId, wait) {
      const key = givenUpOf(repositoryId)
      await redis
        .multi()
        .hdel(waitsOf(repositoryId), String(wait.pullRequest))
        .lpush(key, toJson(wait))
        .ltrim(key, 0, keptGivenUp - 1)
        .pexpire(key, rememberedMs)
        .exec()
    },

    async list(repositoryId) {
      const waits = Object.values(await redis.hgetall(waitsOf(repositoryId)))
      return waits
        .map((json) => JSON.parse(json) as MergeWait)
        .toSorted((a, b) => a.pullRequest - b.pullRequest)
    },

    async givenUp(repositoryId) {
      const all = await redis.lrange(givenUpOf(repositoryId), 0, -1)
      return all.map((json) => JSON.parse(json) as MergeWait)
    },
  }
}
