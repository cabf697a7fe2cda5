import { channelKey } from '../../src/notices/channel-book.ts'
import type { Notice } from '../../src/notices/notice.ts'
import type { Redis } from '../../src/redis/redis.ts'
import type { ThreadMemory } from '../notifiers/notifier.ts'

/** Threads are for what goes on now: an older deployment that is heard of again begins another. */
const rememberedMs = 30 * 24 * 3_600_000

/** Opens what a channel remembers of a deployment: a hash in Redis. What has no deployment is remembered by itself. */
export function openThreadMemory(
  redis: Redis,
  prefix: string,
  channel: string,
  { deployment, id }: Pick<Notice, 'deployment' | 'id'>,
): ThreadMemory {
  const key = `${channelKey(prefix, channel)}:thread:${deployment ?? id}`
  return {
    read: () => redis.hgetall(key),
    async write(fields) {
      if (Object.keys(fields).length === 0) return
      await redis.multi().hset(key, fields).pexpire(key, rememberedMs).exec()
    },
  }
}
