import type { MergeAsk } from '../jobs/job.ts'
import { defineScript, type Redis } from '../redis/redis.ts'

/** The memory of who asked for a pull request to be merged, at which commit. */
export interface MergeAsks {
  read(repositoryId: number, pullRequest: number): Promise<MergeAsk | undefined>
  /** An older one than is known changes nothing: events come out of order. */
  write(repositoryId: number, pullRequest: number, ask: MergeAsk): Promise<void>
}

const keptMs = 90 * 24 * 3600 * 1000

const writeNewer = defineScript(`
  local known = redis.call('GET', KEYS[1])
  if known and cjson.decode(known).at > tonumber(ARGV[2]) then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
  return 1
`)

/** Opens the memory in Redis. */
export function openMergeAsks(redis: Redis, prefix: string): MergeAsks {
  const keyOf = (repositoryId: number, pullRequest: number) =>
    `${prefix}:merge-ask:${repositoryId}:${pullRequest}`
  return {
    async read(repositoryId, pullRequest) {
      const json = await redis.get(keyOf(repositoryId, pullRequest))
      return json === null ? undefined : JSON.parse(json)
    },

    async write(repositoryId, pullRequest, ask) {
      await writeNewer(redis, [keyOf(repositoryId, pullRequest)], [JSON.stringify(ask), ask.at, keptMs])
    },
  }
}
