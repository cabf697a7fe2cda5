import type { Keys } from '../deployments/keys.ts'
import type { Redis } from '../redis.ts'
import { lastDays } from './buckets.ts'
import { type FigureFilter, type Figures, figuresOf, isCounted } from './figures.ts'
import { type Outcome, toOutcome } from './outcome.ts'

/** The figures of what the record has. */
export interface FigureBook {
  /** The figures of the last days, today among them, as they were some seconds ago at most. */
  read(days: number, filter?: FigureFilter): Promise<Figures>
}

const cachedMs = 5000

/** All outcomes as they were at a time, and the figures that were asked of them. */
interface Snapshot {
  at: number
  outcomes: Promise<Outcome[]>
  figures: Map<string, Promise<Figures>>
}

/** Opens the figures. The outcomes are read at most every few seconds, however many look at whatever part of them. */
export function openFigures(redis: Redis, keys: Keys): FigureBook {
  let latest: Snapshot | undefined

  const snapshot = (): Snapshot => {
    const now = performance.now()
    if (latest && now - latest.at < cachedMs) return latest
    const next = { at: now, outcomes: readOutcomes(redis, keys), figures: new Map() }
    latest = next
    // A failure is not remembered.
    next.outcomes.catch(() => {
      if (latest === next) latest = undefined
    })
    return next
  }

  const compute = async (outcomes: Promise<Outcome[]>, days: number, filter: FigureFilter) => {
    const [[seconds], all] = await Promise.all([redis.time(), outcomes])
    const counted = all.filter((outcome) => isCounted(outcome, filter))
    return figuresOf(counted, lastDays(days, (Number(seconds) + 1) * 1000))
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

/** All outcomes, the oldest first, each deployment's once: what was noted of it last. */
async function readOutcomes(redis: Redis, keys: Keys): Promise<Outcome[]> {
  const list = await redis.zrange(keys.outcomes, 0, '-1', 'WITHSCORES')
  const byId = new Map<number, Outcome>()
  for (let index = 0; index + 1 < list.length; index += 2) {
    const outcome = toOutcome(list[index] ?? '', Number(list[index + 1]))
    byId.set(outcome.id, outcome)
  }
  return [...byId.values()]
}
