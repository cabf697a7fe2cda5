import type { Redis } from '../redis/redis.ts'
import { beforeAll, isNewer } from '../redis/stream-id.ts'
import { type Entry, toChange } from './entry.ts'
import type { Change } from './feed.ts'

const pageSize = 500

/** The id of the newest change in the stream. */
export async function lastId(redis: Redis, key: string): Promise<string> {
  const [last] = await redis.xrevrange(key, '+', '-', 'COUNT', 1)
  return last?.[0] ?? beforeAll
}

/** A page of what came after an id; it begins with `missed` if the stream has lost some of that. */
export async function readPage(redis: Redis, key: string, after: string): Promise<Change[]> {
  const answers = await redis
    .pipeline()
    .xrange(key, '-', '+', 'COUNT', 1)
    .xrange(key, `(${after}`, '+', 'COUNT', pageSize)
    .exec()
  const [oldest, page] = (answers ?? []).map(([error, entries]) => {
    if (error) throw error
    return entries as Entry[]
  })
  const changes = (page ?? []).map(toChange)
  const hasLost = after !== beforeAll && isNewer(oldest?.[0]?.[0] ?? '', after)
  return hasLost ? [{ id: after, kind: 'missed' }, ...changes] : changes
}
