/** A stretch of time: from `from` up to but without `until`, in milliseconds since 1970. */
export interface Period {
  from: number
  until: number
}

export type Step = 'day' | 'week'

const dayMs = 24 * 3600_000
/** 1970 began on a Thursday; weeks begin on Mondays. */
const firstMondayMs = 4 * dayMs
/** Up to so many days are shown one by one. */
const mostDays = 31

/** The last days until now, today among them, which is not over. Days are those of UTC. Pure. */
export function lastDays(days: number, now: number): Period {
  return { from: Math.floor(now / dayMs) * dayMs - (days - 1) * dayMs, until: now }
}

/** In which steps a period is shown. Pure. */
export function stepFor({ from, until }: Period): Step {
  return until - from <= mostDays * dayMs ? 'day' : 'week'
}

/** A period cut into days or weeks; the first and the last may be parts of one. Pure. */
export function split({ from, until }: Period, step: Step): Period[] {
  const length = step === 'day' ? dayMs : 7 * dayMs
  const origin = step === 'day' ? 0 : firstMondayMs
  const periods: Period[] = []
  for (let start = from; start < until; ) {
    const end = Math.min(until, origin + (Math.floor((start - origin) / length) + 1) * length)
    periods.push({ from: start, until: end })
    start = end
  }
  return periods
}

/** Those of a list, the oldest first, that are in a period. Pure. */
export function within<T extends { at: number }>(list: readonly T[], { from, until }: Period): T[] {
  return list.slice(firstFrom(list, from), firstFrom(list, until))
}

/** The index of the first that is not before a time. */
function firstFrom(list: readonly { at: number }[], time: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.at ?? Number.POSITIVE_INFINITY) < time) low = middle + 1
    else high = middle
  }
  return low
}
