import { type Band, bandOfFailureRate, bandOfFrequency, bandOfLeadTime, bandOfRestore } from './bands.ts'
import { type Period, type Step, split, stepFor, within } from './buckets.ts'
import { type FigureEvents, laneOf, toEvents } from './events.ts'
import type { Outcome } from './outcome.ts'
import { quantile } from './statistics.ts'

/** How long something took, of as many as are known; in ms. */
export interface Spread {
  count: number
  median?: number
  /** Nine of ten took no longer. */
  p90?: number
}

/** The figures of a stretch of time. */
export interface Summary extends Period {
  /** Changes that were deployed with success. */
  deployments: number
  /** Changes whose deployment ended, and those that failed or were rolled back. */
  changes: number
  failed: number
  /** From merge or push to the success. */
  lead: Spread
  /** From the first failure of an environment to its next success. */
  restore: Spread
}

/** The four figures by which DORA measures how well software is delivered. */
export interface Figures {
  total: Summary
  /** The performance in each, as far as there is something to judge by. */
  bands: { frequency?: Band; lead?: Band; failureRate?: Band; restore?: Band }
  /** Deployments a day of one environment, on average of those that were deployed to. */
  perDay?: number
  /** How many environments were deployed to. */
  lanes: number
  step: Step
  /** The same day by day, or week by week, the oldest first. */
  buckets: Summary[]
}

/** Which outcomes are counted. */
export interface FigureFilter {
  repositoryId?: number | undefined
  /** Without it, all that is production counts. */
  environment?: string | undefined
}

const dayMs = 24 * 3600_000

/** Whether an outcome is counted. Pure. */
export function isCounted(outcome: Outcome, { repositoryId, environment }: FigureFilter): boolean {
  if (repositoryId !== undefined && outcome.repositoryId !== repositoryId) return false
  return environment === undefined ? outcome.production : outcome.environment === environment
}

/**
 * The figures of a period. Pure.
 *
 * @param outcomes the oldest first; those before the period say since when an environment is broken, those after it what was
 *   rolled back later
 */
export function figuresOf(outcomes: readonly Outcome[], period: Period): Figures {
  const events = toEvents(outcomes)
  const step = stepFor(period)
  const total = summarize(events, period)
  const { from, until } = period
  const lanes = countLanes(outcomes, period)
  const days = (until - from) / dayMs
  const perDay = lanes > 0 && days > 0 ? total.deployments / days / lanes : undefined
  return {
    total,
    bands: bandsOf(total, perDay),
    ...(perDay === undefined ? {} : { perDay }),
    lanes,
    step,
    buckets: split(period, step).map((part) => summarize(events, part)),
  }
}

function countLanes(outcomes: readonly Outcome[], { from, until }: Period): number {
  const lanes = new Set<string>()
  for (const outcome of outcomes) {
    if (outcome.finishedAt >= from && outcome.finishedAt < until) lanes.add(laneOf(outcome))
  }
  return lanes.size
}

/** The figures of one stretch of time. Pure. */
export function summarize(events: FigureEvents, period: Period): Summary {
  const deployments = within(events.deployments, period)
  const changes = within(events.changes, period)
  const recoveries = within(events.recoveries, period)
  return {
    ...period,
    deployments: deployments.length,
    changes: changes.length,
    failed: changes.filter(({ failed }) => failed).length,
    lead: spreadOf(deployments.map(({ leadMs }) => leadMs).filter((leadMs) => leadMs !== undefined)),
    restore: spreadOf(recoveries.map(({ restoreMs }) => restoreMs)),
  }
}

function spreadOf(values: readonly number[]): Spread {
  const [median, p90] = [quantile(values, 0.5), quantile(values, 0.9)]
  if (median === undefined || p90 === undefined) return { count: 0 }
  return { count: values.length, median, p90 }
}

function bandsOf({ changes, failed, lead, restore }: Summary, perDay: number | undefined): Figures['bands'] {
  return {
    ...(perDay === undefined ? {} : { frequency: bandOfFrequency(perDay) }),
    ...(lead.median === undefined ? {} : { lead: bandOfLeadTime(lead.median) }),
    ...(changes === 0 ? {} : { failureRate: bandOfFailureRate(failed / changes) }),
    ...(restore.median === undefined ? {} : { restore: bandOfRestore(restore.median) }),
  }
}
