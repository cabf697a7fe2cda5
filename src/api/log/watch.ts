import { setTimeout as sleep } from 'node:timers/promises'
import type { LogId, LogKeys } from '../../deployments/log.ts'
import { isFinal } from '../../deployments/record.ts'
import type { Redis } from '../../redis/redis.ts'
import { isNewer } from '../../redis/stream-id.ts'

/** Where logs lie, and the records of what they are of, each with its `state`. */
export interface WatchedKeys extends LogKeys {
  record(id: LogId): string
}

/** How a log stands: its last line's id, '' while there is none, and whether what it is of is over. */
export interface LogState {
  lastId: string
  isOver: boolean
}

/** Tells those who follow logs when there is something to read. */
export interface LogWatch {
  /**
   * Resolves with how the log stands once there are lines after `after` ('' for the beginning) or what it is of
   * is over; with undefined after `limitMs`, at the signal, or when the watch is closed.
   */
  change(id: LogId, after: string, limitMs: number, signal: AbortSignal): Promise<LogState | undefined>
  /** Ends all waiting, now and later. */
  close(): void
  isClosed(): boolean
}

const everyMs = 200

interface Follower {
  id: LogId
  after: string
  tell(state: LogState | undefined): void
}

/** One look at Redis every 200 ms serves all who wait, however many they are; while nobody waits, none is made. */
export function createLogWatch(redis: Redis, keys: WatchedKeys): LogWatch {
  const followers = new Set<Follower>()
  let looking = false
  let closed = false

  const look = async () => {
    const ids = [...new Set([...followers].map(({ id }) => id))]
    const states = await readStates(redis, keys, ids)
    for (const { id, after, tell } of followers) {
      const state = states.get(id)
      if (state && (state.isOver || isNewer(state.lastId, after))) tell(state)
    }
  }

  const keepLooking = async () => {
    if (looking) return
    looking = true
    while (followers.size > 0) {
      // Whoever waits goes on waiting while Redis is away; the connection logs that itself.
      await look().catch(() => {})
      await sleep(everyMs)
    }
    looking = false
  }

  return {
    async change(id, after, limitMs, signal) {
      if (closed || signal.aborted) return undefined
      const { promise, resolve } = withResolvers<LogState | undefined>()
      const giveUp = () => resolve(undefined)
      const follower = { id, after, tell: resolve }
      const timer = setTimeout(giveUp, limitMs)
      signal.addEventListener('abort', giveUp)
      followers.add(follower)
      void keepLooking()
      try {
        return await promise
      } finally {
        followers.delete(follower)
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
      }
    },

    close() {
      closed = true
      for (const { tell } of followers) tell(undefined)
    },

    isClosed: () => closed,
  }
}

async function readStates(redis: Redis, keys: WatchedKeys, ids: LogId[]): Promise<Map<LogId, LogState>> {
  const pipeline = redis.pipeline()
  for (const id of ids) {
    // The state first: whatever is written before something is over is then seen in its log.
    pipeline.hget(keys.record(id), 'state')
    pipeline.xrevrange(keys.log(id), '+', '-', 'COUNT', 1)
  }
  const answers = (await pipeline.exec()) ?? []
  const states = new Map<LogId, LogState>()
  for (const [index, id] of ids.entries()) {
    const [stateError, state] = answers[2 * index] ?? []
    const [lastError, last] = answers[2 * index + 1] ?? []
    if (stateError || lastError) continue
    const lastId = (last as [string, string[]][])[0]?.[0] ?? ''
    // A record that is no longer kept is that of something that is over.
    states.set(id, { lastId, isOver: state === null || isFinal(String(state)) })
  }
  return states
}

// Promise.withResolvers came with Node 22.
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
