import { defineScript, type Redis } from '../redis/redis.ts'
import { isNewer } from '../redis/stream-id.ts'
import type { Arrival, Outcome } from './arrival.ts'
import { deliveryKeys } from './keys.ts'
import { type Entry, type TracedArrival, toArrival, toValues } from './trace-entry.ts'
import { indexedArrivals, traceArrival, traceKeys } from './trace-script.ts'

/** Which arrivals; what is left out matches all. */
export interface ArrivalFilter {
  guid?: string | undefined
  repositoryId?: number | undefined
  event?: string | undefined
  outcome?: Outcome | undefined
}

export interface ArrivalPage {
  arrivals: TracedArrival[]
  /** Go on before this one; undefined at the end of the trace. */
  next: string | undefined
}

/** The trace that deliveries leave. */
export interface Trace {
  /** Writes an arrival down, and the name its repository has now, in one round trip. */
  record(arrival: Arrival, nowMs: number): Promise<void>
  /** The arrivals that match, newest first, at most `limit`, older than the one with the id `before`. */
  list(filter: ArrivalFilter, limit: number, before?: string): Promise<ArrivalPage>
}

/** So many entries are read at a time. */
const scanned = 500

/** Keys: those of the trace. Arguments: ms since 1970, then the arrival's values. */
const record = defineScript(`${traceArrival}
traceArrival(KEYS, ARGV[1], {unpack(ARGV, 2)})
return 1
`)

/** Opens the trace in Redis. */
export function openTrace(redis: Redis, prefix: string): Trace {
  const keys = deliveryKeys(prefix)
  return {
    async record(arrival, nowMs) {
      await record(redis, traceKeys(prefix, arrival), [nowMs, ...toValues(arrival)])
    },

    async list(filter, limit, before) {
      const found: TracedArrival[] = []
      for await (const entries of entriesFor(redis, keys, filter, before)) {
        for (const arrival of entries.map(toArrival)) {
          if (!matches(arrival, filter)) continue
          if (found.length === limit) return { arrivals: found, next: found.at(-1)?.id }
          found.push(arrival)
        }
      }
      return { arrivals: found, next: undefined }
    },
  }
}

type Keys = ReturnType<typeof deliveryKeys>

/** The entries that may match, newest first: a repository's by its index as far as that goes, and then all. */
async function* entriesFor(redis: Redis, keys: Keys, { repositoryId }: ArrivalFilter, before?: string) {
  let from = before
  if (repositoryId !== undefined) {
    const ids = await redis.lrange(keys.of(repositoryId), 0, -1)
    yield* indexed(redis, keys.trace, before === undefined ? ids : ids.filter((id) => isNewer(before, id)))
    if (ids.length > 0 && ids.length < indexedArrivals) return
    const last = ids.at(-1)
    if (last !== undefined && (before === undefined || isNewer(before, last))) from = last
  }
  yield* scan(redis, keys.trace, from)
}

async function* indexed(redis: Redis, trace: string, ids: string[]): AsyncGenerator<Entry[]> {
  for (let begin = 0; begin < ids.length; begin += scanned) {
    const some = ids.slice(begin, begin + scanned)
    // What is no longer in the trace is left out.
    yield (await Promise.all(some.map((id) => redis.xrange(trace, id, id)))).flat()
  }
}

async function* scan(redis: Redis, trace: string, before: string | undefined): AsyncGenerator<Entry[]> {
  for (let end = before === undefined ? '+' : `(${before}`; ; ) {
    const entries = await redis.xrevrange(trace, end, '-', 'COUNT', scanned)
    yield entries
    const last = entries.at(-1)
    if (last === undefined || entries.length < scanned) return
    end = `(${last[0]}`
  }
}

function matches(arrival: Arrival, { guid, repositoryId, event, outcome }: ArrivalFilter): boolean {
  return (
    (guid === undefined || arrival.guid === guid) &&
    (repositoryId === undefined || arrival.repository?.id === repositoryId) &&
    (event === undefined || arrival.event === event) &&
    (outcome === undefined || arrival.outcome === outcome)
  )
}
