import { defineScript, type Redis } from '../redis/redis.ts'

/** Which status of each deployment was told last: events come out of order. */
export interface Announced {
  /** The highest number of a status of it that was told; 0 if none was. */
  latest(deployment: number): Promise<number>
  note(deployment: number, status: number): Promise<void>
}

/** Longer than GitHub redelivers. */
const rememberedMs = 8 * 24 * 3600 * 1000

const raise = defineScript(`
if tonumber(ARGV[1]) > tonumber(redis.call('GET', KEYS[1]) or '0') then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1
`)

/** Opens it in Redis: a string a deployment. */
export function openAnnounced(redis: Redis, prefix: string): Announced {
  const keyOf = (deployment: number) => `${prefix}:announced:${deployment}`
  return {
    latest: async (deployment) => Number((await redis.get(keyOf(deployment))) ?? 0),
    async note(deployment, status) {
      await raise(redis, [keyOf(deployment)], [status, rememberedMs])
    },
  }
}
