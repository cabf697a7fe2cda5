import type { VerifyRules } from '../../src/config/rules.ts'

/** What one question found out. */
export interface Probe {
  isGood: boolean
  /** As in "https://shop.example answered 503". */
  words: string
}

/** What is known so far. Times are milliseconds of any one clock. */
export interface Health {
  beganAt: number
  /** The first good answer since when no row of bad ones was too long. */
  goodSince?: number
  /** Bad answers in a row. */
  badInARow: number
}

export type Verdict = 'healthy' | 'never healthy' | 'turned bad'

/**
 * So many bad answers in a row are a failure, once it was healthy: as Kubernetes' `failureThreshold`. Fewer are
 * forgiven.
 */
export const mostBadInARow = 3

/**
 * What a probe at a moment adds to what is known, and the verdict if there is one: it must become healthy within a time,
 * and then stay so for a time, at the end of which the answer must be good. Pure.
 */
export function judge(
  health: Health,
  { isGood }: Probe,
  at: number,
  { withinMs, forMs }: Pick<VerifyRules, 'withinMs' | 'forMs'>,
): { health: Health; verdict?: Verdict } {
  const { beganAt, goodSince } = health
  if (isGood) {
    const since = goodSince ?? at
    const next = { beganAt, goodSince: since, badInARow: 0 }
    return at - since >= forMs ? { health: next, verdict: 'healthy' } : { health: next }
  }
  const next = { ...health, badInARow: health.badInARow + 1 }
  if (goodSince === undefined) {
    return at - beganAt >= withinMs ? { health: next, verdict: 'never healthy' } : { health: next }
  }
  return next.badInARow >= mostBadInARow ? { health: next, verdict: 'turned bad' } : { health: next }
}

/** How long until the next question: it is asked at the very end of a time, too. Pure. */
export function nextProbeMs(
  { beganAt, goodSince }: Health,
  at: number,
  { withinMs, forMs, everyMs }: Pick<VerifyRules, 'withinMs' | 'forMs' | 'everyMs'>,
): number {
  const end = goodSince === undefined ? beganAt + withinMs : goodSince + forMs
  return end > at ? Math.min(everyMs, end - at) : everyMs
}
