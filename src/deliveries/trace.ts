import { changesKey, noteChange } from '../feed/note.ts'
import { defineScript, type Redis } from '../redis.ts'
import type { Arrival, Outcome } from './arrival.ts'
import { deliveryKeys } from './keys.ts'

/** An arrival as the trace keeps it: `id` orders it, `at` is when it was written, ms since 1970. */
export interface TracedArrival extends Arrival {
  id: string
  at: number
}

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

/** The trace keeps about this many arrivals; older ones go first. */
const keptArrivals = 20_000
const scanned = 500

/**
 * Writes an arrival down, and notes it in the feed. Every entry has the same fields in the same order: Redis then stores
 * their names once.
 * Keys: trace, repositories, since when, changes. Arguments: entries to keep, ms since 1970, then the fields' values.
 */
const record = defineScript(`${noteChange}
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'guid', ARGV[3], 'event', ARGV[4], 'action', ARGV[5],
  'repositoryId', ARGV[6], 'repository', ARGV[7], 'sender', ARGV[8], 'outcome', ARGV[9], 'reason', ARGV[10],
  'jobs', ARGV[11])
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[6], ARGV[7])
  redis.call('HSETNX', KEYS[3], ARGV[6], ARGV[2])
end
noteChange(KEYS[4], 'delivery', ARGV[6], '', '', '')
return 1
`)

/** Opens the trace in Redis. */
export function openTrace(redis: Redis, prefix: string): Trace {
  const keys = deliveryKeys(prefix)
  return {
    async record(arrival, nowMs) {
      const { trace, repositories, repositoriesSince } = keys
      await record(
        redis,
        [trace, repositories, repositoriesSince, changesKey(prefix)],
        [keptArrivals, nowMs, ...toValues(arrival)],
      )
    },

    async list(filter, limit, before) {
      const found: TracedArrival[] = []
      for (let end = before === undefined ? '+' : `(${before}`; ; ) {
        const entries = await redis.xrevrange(keys.trace, end, '-', 'COUNT', scanned)
        for (const entry of entries) {
          const arrival = toArrival(entry)
          if (!matches(arrival, filter)) continue
          if (found.length === limit) return { arrivals: found, next: found.at(-1)?.id }
          found.push(arrival)
        }
        const last = entries.at(-1)
        if (last === undefined || entries.length < scanned) return { arrivals: found, next: undefined }
        end = `(${last[0]}`
      }
    },
  }
}

function toValues({ repository, jobs, ...arrival }: Arrival): (string | number)[] {
  return [
    arrival.guid,
    arrival.event,
    arrival.action ?? '',
    repository?.id ?? '',
    repository?.fullName ?? '',
    arrival.sender ?? '',
    arrival.outcome,
    arrival.reason ?? '',
    jobs.length === 0 ? '' : JSON.stringify(jobs.map(({ name, id }) => ({ name, id }))),
  ]
}

function toArrival([id, list]: [id: string, fields: string[]]): TracedArrival {
  const fields = new Map<string, string>()
  for (let index = 0; index < list.length; index += 2) fields.set(list[index] ?? '', list[index + 1] ?? '')
  const text = (name: string) => fields.get(name) ?? ''
  const optional = (name: 'action' | 'sender' | 'reason') => (text(name) === '' ? {} : { [name]: text(name) })
  return {
    id,
    at: Number(id.split('-')[0]),
    guid: text('guid'),
    event: text('event'),
    ...optional('action'),
    ...(text('repositoryId') === ''
      ? {}
      : { repository: { id: Number(text('repositoryId')), fullName: text('repository') } }),
    ...optional('sender'),
    outcome: text('outcome') as Outcome,
    ...optional('reason'),
    jobs: text('jobs') === '' ? [] : JSON.parse(text('jobs')),
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
