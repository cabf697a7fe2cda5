import { defineScript, type Redis } from './redis.ts'

const time = defineScript(`return redis.call('TIME')`)

/**
 * Redis's clock, in milliseconds since 1970: of the node that holds `key`, whose scripts go by that clock. A bare TIME asks
 * any node of a Redis Cluster.
 */
export async function redisTime(redis: Redis, key: string): Promise<number> {
  const [seconds, microseconds] = [await time(redis, [key], [])].flat()
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)
}
