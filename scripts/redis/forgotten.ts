import { createLogger } from '../../src/log/log.ts'
import { keyPrefixOf } from '../../src/redis/key-prefix.ts'
import { connectFailingFast, firstContact, type Redis } from '../../src/redis/redis.ts'
import { isAcknowledged } from '../faults/evidence.ts'
import type { Installation } from '../faults/installation.ts'
import type { TestedRedis } from './tested-redis.ts'

/** What a fault has cost. */
export interface Forgotten {
  what: string
  /** Until a master was in charge again. */
  masterAfterMs: number
  /** The jobs that were acknowledged, and those of which Redis does not know any more that they were asked for. */
  acknowledged: number
  forgotten: string[]
  /** The same of writes that were made one after the other, eight at a time, until the fault struck. */
  writes: { acknowledged: number; forgotten: number }
}

const atATime = 8

/**
 * Begins to look at a fault. The jobs that the receiver has said to have queued are remembered in Redis for days, under
 * `asked:<id>`: whichever is not there any more was written to a master that did not live to tell its replica. They are few
 * in the moment of a fault, so more is written beside them.
 */
export async function watchWrites(
  { sandbox }: Installation,
  tested: TestedRedis,
  redis: Redis,
): Promise<(what: string) => Promise<Omit<Forgotten, 'masterAfterMs'>>> {
  const prefix = keyPrefixOf(sandbox.url)
  const writing = await startWriting(tested, prefix)
  return async (what) => {
    const ids = sandbox
      .deliveries()
      .filter(isAcknowledged)
      .flatMap(({ responseBody }) => jobsOf(responseBody))
    const asked = [...new Set(ids)].map((id) => ({ id, key: `${prefix}:asked:${id}` }))
    const written = await writing()
    const lost = new Set(await missing(redis, [...asked.map(({ key }) => key), ...written]))
    for (const key of written) await redis.del(key)
    return {
      what,
      acknowledged: asked.length,
      forgotten: asked.filter(({ key }) => lost.has(key)).map(({ id }) => id),
      writes: { acknowledged: written.length, forgotten: written.filter((key) => lost.has(key)).length },
    }
  }
}

/** Writes until Redis takes no more; gives the keys that it has taken. */
async function startWriting({ url, tls }: TestedRedis, prefix: string): Promise<() => Promise<string[]>> {
  const redis = connectFailingFast(url, createLogger('silent', 'redis-test'), tls)
  await firstContact(redis)
  const taken: string[] = []
  const isOver = new AbortController()
  let made = 0
  const write = async () => {
    while (!isOver.signal.aborted) {
      const key = `${prefix}:probe:${made++}`
      try {
        await redis.set(key, '', 'EX', 600)
        taken.push(key)
      } catch {
        isOver.abort()
      }
    }
  }
  const writers = Array.from({ length: atATime }, write)
  return async () => {
    isOver.abort()
    await Promise.all(writers)
    redis.disconnect()
    return taken
  }
}

async function missing(redis: Redis, keys: string[]): Promise<string[]> {
  const found = await Promise.all(keys.map(async (key) => [key, await redis.exists(key)] as const))
  return found.filter(([, exists]) => exists === 0).map(([key]) => key)
}

function jobsOf(body: string): string[] {
  const answer = JSON.parse(body) as { jobs?: { id: string; name: string }[] }
  return (answer.jobs ?? []).filter(({ name }) => name !== 'pull-request-changed').map(({ id }) => id)
}
