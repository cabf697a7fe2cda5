import type { Redis } from './redis.ts'

/** The time by Redis's clock, which all processes share, in milliseconds since 1970. */
export async function redisNow(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time()
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
}
