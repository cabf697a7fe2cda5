import { setTimeout as sleep } from 'node:timers/promises'
import { duplicate, type Redis } from '../redis/redis.ts'
import { isNewer } from '../redis/stream-id.ts'
import { toChange } from './entry.ts'
import type { Change } from './feed.ts'
import { lastId } from './stream.ts'

/** Reads the stream for all who follow it, and remembers what came lately. */
export interface Reader {
  /** Whoever follows joins, and leaves in the end. */
  join(): void
  leave(): void
  /** What came after an id, as far as it is remembered; undefined: only the stream knows. */
  since(id: string): Change[] | undefined
  /** Resolves when there is something new, or at the signal. */
  news(signal: AbortSignal): Promise<void>
}

/** So many changes are remembered: whoever is farther behind reads the stream for himself. */
const remembered = 1000
const atOnce = 500
/** How long a read waits for something to come. A connection that is silent for longer is dead. */
const blockMs = 10_000
const silentMs = 2 * blockMs
/** How soon it is tried again after Redis did not answer. */
const againMs = 500

/** One connection that waits in Redis serves all who follow, however many they are; while nobody follows, there is none. */
export function createReader(redis: Redis, key: string): Reader {
  let followers = 0
  let isReading = false
  let connection: Redis | undefined
  // All that came after the id `from` is in `recent`; none: it is not known where the reading will begin.
  let recent: Change[] = []
  let from: string | undefined
  const waiting = new Set<() => void>()

  const tell = () => {
    for (const goOn of waiting) goOn()
  }

  const beginAfter = (id: string | undefined) => {
    recent = []
    from = id
    tell()
  }

  const remember = (changes: Change[]) => {
    recent.push(...changes)
    from = recent.splice(0, recent.length - remembered).at(-1)?.id ?? from
    tell()
  }

  const readOn = async (own: Redis) => {
    let last = await lastId(own, key)
    beginAfter(last)
    while (followers > 0) {
      const answer = await own.xread('COUNT', atOnce, 'BLOCK', blockMs, 'STREAMS', key, last)
      const changes = (answer?.[0]?.[1] ?? []).map(toChange)
      // One that lags does not know whether the stream has lost something meanwhile: each follower looks for itself.
      if (changes.length === atOnce) beginAfter(await lastId(own, key))
      else if (changes.length > 0) remember(changes)
      last = recent.at(-1)?.id ?? from ?? last
    }
  }

  const keepReading = async () => {
    if (isReading) return
    isReading = true
    while (followers > 0) {
      // It may wait in Redis, and lives once: what came while there was none is not known.
      const own = duplicate(redis, { livesOnce: true, silentMs })
      connection = own
      // An outage is logged by the connection that this one is made after.
      await readOn(own).catch(() => {})
      own.disconnect()
      beginAfter(undefined)
      if (connection === own && followers > 0) await sleep(againMs)
    }
    isReading = false
  }

  return {
    join() {
      followers += 1
      void keepReading()
    },

    leave() {
      followers -= 1
      if (followers > 0) return
      connection?.disconnect()
      connection = undefined
    },

    since(id) {
      if (from === undefined || isNewer(from, id)) return undefined
      let first = recent.length
      while (isNewer(recent[first - 1]?.id ?? '', id)) first -= 1
      return recent.slice(first)
    },

    async news(signal) {
      if (signal.aborted) return
      let goOn = () => {}
      const told = new Promise<void>((resolve) => {
        goOn = resolve
      })
      waiting.add(goOn)
      signal.addEventListener('abort', goOn)
      await told
      waiting.delete(goOn)
      signal.removeEventListener('abort', goOn)
    },
  }
}
