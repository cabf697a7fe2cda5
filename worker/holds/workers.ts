import { durationWords } from '../../src/config/duration.ts'
import type { HeldBack } from '../../src/deployments/held.ts'
import { hasAll, type Labels, labelWords } from '../../src/jobs/labels.ts'
import { queueNameOf } from '../../src/jobs/pools.ts'
import { truncate } from '../../src/text.ts'
import type { RunRules } from '../rules.ts'
import type { Hold } from './hold.ts'

export interface WorkerFacts {
  acceptedAt: number
  /** Since when there is no worker that may do it; undefined: there is one. */
  missingSince: number | undefined
}

/** How long a worker is waited for. */
export const workerLimitMs = 24 * 3_600_000

/** What people are told of a worker that is not there, and when it is waited for no more. Pure. */
export function missingWorker(needed: Labels, acceptedAt: number, missingSince: number) {
  const words = labelWords(needed)
  return {
    reason: truncate(`No worker that has ${words} is running.`, 140),
    limit: {
      at: Math.max(acceptedAt, missingSince) + workerLimitMs,
      reason: truncate(`Given up after ${durationWords(workerLimitMs)}: no worker that has ${words}.`, 140),
    },
  }
}

/** Holds a deployment back while no worker runs that may do it. Pure. */
export function decideWorkers(
  { acceptedAt, missingSince }: WorkerFacts,
  { runsOn }: Pick<RunRules, 'runsOn'>,
): HeldBack | undefined {
  if (missingSince === undefined) return undefined
  return { hold: 'worker', ...missingWorker(runsOn, acceptedAt, missingSince) }
}

/** `runs_on:`. A worker that may do it need not ask who else is there. */
export const workers: Hold = {
  async look({ record, tools }, rules) {
    if (hasAll(tools.labels, rules.runsOn)) return undefined
    const { unattended } = await tools.workers.look()
    const missingSince = unattended.get(queueNameOf('deployments', rules.runsOn))
    return decideWorkers({ acceptedAt: record.acceptedAt, missingSince }, rules)
  },
}
