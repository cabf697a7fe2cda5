import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from '../redis/redis.ts'
import type { Change, Feed } from './feed.ts'
import { changesKey } from './note.ts'
import { createReader } from './reader.ts'
import { lastId, readPage } from './stream.ts'

/** How soon the stream is looked into again when it had nothing, or Redis did not answer. */
const againMs = 200

/**
 * Opens the feed for reading. Nothing is kept for those who follow: each knows how far it is, takes what the one reader
 * remembers, and, if it was cut off or too slow for that, reads the stream itself, a page at a time.
 */
export function openFeed(redis: Redis, prefix: string): Feed {
  const key = changesKey(prefix)
  const reader = createReader(redis, key)
  const closing = new AbortController()

  async function* follow(after: string, gone: AbortSignal): AsyncGenerator<Change> {
    const signal = AbortSignal.any([gone, closing.signal])
    reader.join()
    try {
      for (let last = after; !signal.aborted; ) {
        const recent = reader.since(last)
        // While Redis is away, whoever follows goes on waiting: the connection logs that itself.
        const changes = recent ?? (await readPage(redis, key, last).catch(() => []))
        for (const change of changes) {
          yield change
          if (signal.aborted) return
          last = change.id
        }
        if (changes.length > 0) continue
        if (recent) await reader.news(signal)
        else await sleep(againMs, undefined, { signal }).catch(() => {})
      }
    } finally {
      reader.leave()
    }
  }

  return {
    last: () => lastId(redis, key),
    follow,
    close: () => closing.abort(),
  }
}
