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

/** An environment that broke longer ago is restored in no figure. */
const lookBackMs = 30 * 24 * 3600_000
const cachedMs = 5000
const mostCached = 200

/** Opens the figures. Those who look at the same within some seconds are told the same. */
export function openFigures(redis: Redis, keys: Keys): FigureBook {
  const cached = new Map<string, { at: number; figures: Promise<Figures> }>()

  const compute = async (days: number, filter: FigureFilter): Promise<Figures> => {
    const [seconds] = await redis.time()
    const period = lastDays(days, Number(seconds) * 1000 + 1000)
    const outcomes = await readOutcomes(redis, keys, period.from - lookBackMs)
    return figuresOf(
      outcomes.filter((outcome) => isCounted(outcome, filter)),
      period,
    )
  }

  return {
    read(days, filter = {}) {
      const key = JSON.stringify([days, filter.repositoryId ?? null, filter.environment ?? null])
      const now = performance.now()
      const known = cached.get(key)
      if (known && now - known.at < cachedMs) return known.figures
      const figures = compute(days, filter)
      // A failure is not remembered.
      figures.catch(() => cached.delete(key))
      cached.delete(key)
      cached.set(key, { at: now, figures })
      for (const oldest of [...cached.keys()].slice(0, Math.max(0, cached.size - mostCached)))
        cached.delete(oldest)
      return figures
    },
  }
}

/** The outcomes since a time, the oldest first, each deployment's once: what was noted of it last. */
async function readOutcomes(redis: Redis, keys: Keys, since: number): Promise<Outcome[]> {
  const list = await redis.zrangebyscore(keys.outcomes, since, '+inf', 'WITHSCORES')
  const byId = new Map<number, Outcome>()
  for (let index = 0; index + 1 < list.length; index += 2) {
    const outcome = toOutcome(list[index] ?? '', Number(list[index + 1]))
    byId.set(outcome.id, outcome)
  }
  return [...byId.values()]
}
