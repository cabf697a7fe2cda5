import type { DeploymentRecord } from './deployment-record.ts'

/** What a deployment that is over says for or against its commit. */
export type Past = Pick<
  DeploymentRecord,
  'id' | 'sha' | 'state' | 'finishedAt' | 'rollbackTo' | 'rolledBackBy' | 'changedAt'
>

/** All that counts when a deployment is to be rolled back. */
export interface RollbackFacts {
  /** The deployment to get away from. */
  from: Pick<DeploymentRecord, 'id' | 'sha' | 'rollbackOf'>
  /** The successes and failures of its lane. */
  past: readonly Past[]
  /** The newest deployment that was made after it, and that has begun or waits for nothing but the lane. */
  newer: number | undefined
}

/** Where to roll back to, or why there is no rollback, as the end of a sentence. */
export type RollbackChoice = { to: { deployment: number; sha: string } } | { why: string }

/**
 * Chooses what is deployed in the place of a deployment that failed: the commit of the last success of the lane, by our
 * own records, that has not failed or been rolled back since. Never the failed commit itself. A rollback that fails is
 * not rolled back, and neither is what something newer replaces anyway. Pure.
 */
export function chooseRollback({ from, past, newer }: RollbackFacts): RollbackChoice {
  if (from.rollbackOf !== undefined) return { why: 'it is a rollback itself' }
  if (newer !== undefined) return { why: `#${newer} is newer and comes next` }
  const good = past
    .filter(({ state, sha, id }) => state === 'success' && sha !== from.sha && id !== from.id)
    .filter((success) => !past.some((other) => isAgainst(other, success)))
    .sort((a, b) => endOf(b) - endOf(a))
  const [last] = good
  return last ? { to: { deployment: last.id, sha: last.sha } } : { why: 'no other commit has succeeded here' }
}

/** Whether the same commit was found to be bad after it had succeeded. */
function isAgainst(other: Past, success: Past): boolean {
  if (other.sha !== success.sha || endOf(other) < endOf(success)) return false
  return other.state === 'failure' || other.rollbackTo !== undefined || other.rolledBackBy !== undefined
}

function endOf({ finishedAt }: Past): number {
  return finishedAt ?? 0
}

/**
 * Whether a deployment is the rollback of another that we decided on, and not just says so: it deploys what has been
 * deployed here before, and need not wait as others do. Pure.
 */
export function isOurRollback(
  { repository, environment, sha, rollbackOf }: DeploymentRecord,
  failed: DeploymentRecord | undefined,
): boolean {
  return (
    failed !== undefined &&
    failed.id === rollbackOf &&
    failed.repository.id === repository.id &&
    failed.environment === environment &&
    failed.rollbackTo === sha
  )
}
