/** Whether this is what a connection that fails fast says when Redis cannot be reached (redis.ts). Pure. */
export function saysRedisIsAway(message: string): boolean {
  return /isn't writeable|Command timed out|Connection is closed|max retries/i.test(message)
}
