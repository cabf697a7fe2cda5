import type { Keys } from '../deployments/keys.ts'
import type { Redis } from '../redis/redis.ts'
import { redisTime } from '../redis/time.ts'
import { lastDays } from './buckets.ts'
import { type FigureFilter, type Figures, figuresOf, isCounted } from './figures.ts'
import { type Outcome, toOutcome } from './outcome.ts'

/** The figures of what the record has. */
export interface FigureBook {
  /**
   * The figures of the last days, today among them, as they were some seconds ago at most; where the record is very large, some
   * more.
   */
  read(days: number, filter?: FigureFilter): Promise<Figures>
}

const cachedMs = 5000
/** What takes long to read is read as seldom: it is never more than a twentieth of what the process does. */
const cachedTimes = 20
/** Redis answers many at once in some milliseconds; all of a large record would keep everybody else waiting. */
const pageSize = 20_000

/** All outcomes, until when they are not read again, and the figures that were asked of them. */
interface Snapshot {
  until: number
  outcomes: Promise<Outcome[]>
  figures: Map<string, Promise<Figures>>
}

/** Opens the figures. The outcomes are read at most every few seconds, however many look at whatever part of them. */
export function openFigures(redis: Redis, keys: Keys): FigureBook {
  let latest: Snapshot | undefined

  const snapshot = (): Snapshot => {
    const now = performance.now()
    if (latest && now < latest.until) return latest
    const next = { until: Number.POSITIVE_INFINITY, outcomes: readOutcomes(redis, keys), figures: new Map() }
    latest = next
    const keep = () => {
      next.until = performance.now() + Math.max(cachedMs, cachedTimes * (performance.now() - now))
    }
    // A failure is not remembered.
    next.outcomes.then(keep, () => {
      if (latest === next) latest = undefined
    })
    return next
  }

  const compute = async (outcomes: Promise<Outcome[]>, days: number, filter: FigureFilter) => {
    const [nowMs, all] = await Promise.all([redisTime(redis, keys.outcomes), outcomes])
    const counted = all.filter((outcome) => isCounted(outcome, filter))
    return figuresOf(counted, lastDays(days, nowMs + 1000))
  }

  return {
    read(days, filter = {}) {
      const { outcomes, figures } = snapshot()
      const key = JSON.stringify([days, filter.repositoryId ?? null, filter.environment ?? null])
      const known = figures.get(key)
      if (known) return known
      const computed = compute(outcomes, days, filter)
      computed.catch(() => figures.delete(key))
      figures.set(key, computed)
      return computed
    },
  }
}

/**
 * All outcomes, the oldest first, each deployment's once: what was noted of it last. They are read from the newest on, so that
 * what is added or forgotten meanwhile moves none out of the next page.
 */
async function readOutcomes(redis: Redis, keys: Keys): Promise<Outcome[]> {
  const newestFirst: Outcome[] = []
  for (let from = 0; ; from += pageSize) {
    const page = await redis.zrevrange(keys.outcomes, from, from + pageSize - 1, 'WITHSCORES')
    for (let index = 0; index + 1 < page.length; index += 2) {
      newestFirst.push(toOutcome(page[index] ?? '', Number(page[index + 1])))
    }
    if (page.length < 2 * pageSize) break
  }
  const byId = new Map<number, Outcome>()
  for (const outcome of newestFirst.toReversed()) byId.set(outcome.id, outcome)
  return [...byId.values()]
}
