import type { Outcome } from './outcome.ts'

/** What outcomes come to, each at its time. Times are milliseconds since 1970. */
export interface FigureEvents {
  /** Changes that reached their environment, and how long after they were made, if that is known. */
  deployments: { at: number; leadMs?: number }[]
  /** Changes that were deployed, and whether they failed. */
  changes: { at: number; failed: boolean }[]
  /** Environments that work again, and how long they had not. */
  recoveries: { at: number; restoreMs: number }[]
}

/**
 * What outcomes, the oldest first, come to. Pure.
 *
 * A change failed if its deployment ended as a failure or an error, or if it was rolled back after it had succeeded. A rollback is
 * no change but a remedy: it counts as a recovery only. What somebody cancelled counts as nothing. An environment is broken from
 * its first failure until its next success: of two failures in a row, the second makes no second outage.
 */
export function toEvents(outcomes: readonly Outcome[]): FigureEvents {
  const events: FigureEvents = { deployments: [], changes: [], recoveries: [] }
  const rolledBack = findRolledBack(outcomes)
  const brokenSince = new Map<string, number>()
  for (const outcome of outcomes) {
    if (outcome.cancelled) continue
    const { finishedAt: at, changedAt } = outcome
    const lane = laneOf(outcome)
    const since = brokenSince.get(lane)
    const succeeded = outcome.state === 'success'
    const failed = !succeeded || rolledBack.get(outcome.id)?.has(lane) === true
    if (outcome.rollbackOf === undefined) {
      events.changes.push({ at, failed })
      // A time to come is somebody's mistake: a change cannot be deployed before it is made.
      const isKnown = changedAt !== undefined && changedAt <= at
      if (succeeded) events.deployments.push(isKnown ? { at, leadMs: at - changedAt } : { at })
    }
    if (succeeded && since !== undefined) {
      events.recoveries.push({ at, restoreMs: at - since })
      brokenSince.delete(lane)
    }
    if (failed && !brokenSince.has(lane)) brokenSince.set(lane, at)
  }
  return events
}

/** A rollback of another environment's deployment is none. */
function findRolledBack(outcomes: readonly Outcome[]): Map<number, Set<string>> {
  const lanes = new Map<number, Set<string>>()
  for (const outcome of outcomes) {
    if (outcome.rollbackOf === undefined || outcome.cancelled) continue
    const known = lanes.get(outcome.rollbackOf)
    if (known) known.add(laneOf(outcome))
    else lanes.set(outcome.rollbackOf, new Set([laneOf(outcome)]))
  }
  return lanes
}

/** Where an outcome was, as one text. */
export function laneOf({ repositoryId, environment }: Outcome): string {
  return `${repositoryId}:${environment}`
}
