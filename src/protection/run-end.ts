import type { FinalState } from '../deployments/lanes.ts'
import type { WorkflowRun } from '../github/workflow-runs.ts'

/** How a deployment that GitHub Actions ran has ended. */
export interface RunEnd {
  state: FinalState
  words: string
}

const ends: Record<string, RunEnd | undefined> = {
  success: { state: 'success', words: 'GitHub Actions deployed it.' },
  failure: { state: 'failure', words: 'GitHub Actions could not deploy it.' },
  error: { state: 'error', words: 'GitHub Actions could not run it to its end.' },
}

/**
 * How it has ended by its statuses, newest first: what succeeded is made inactive later, by what comes after it. Undefined: it has
 * not. Pure.
 */
export function endOfRun(states: readonly string[]): RunEnd | undefined {
  const last = states.find((state) => ends[state] !== undefined)
  if (last !== undefined) return ends[last]
  return states[0] === 'inactive' ? { state: 'inactive', words: 'GitHub made it inactive.' } : undefined
}

/** Why a run has nothing to do with a deployment of its nth attempt any more; undefined if it has. Pure. */
export function whyOver(
  { status, conclusion, attempt }: Pick<WorkflowRun, 'status' | 'conclusion' | 'attempt'>,
  ours: number | undefined,
): string | undefined {
  if (ours !== undefined && attempt > ours) return `Its run at GitHub was begun anew: attempt ${attempt}.`
  return status === 'completed'
    ? `Its run at GitHub is over: ${conclusion ?? 'without a conclusion'}.`
    : undefined
}
