import type { DeploymentState } from '../github/deployments.ts'
import type { DeploymentRecord } from './deployment-record.ts'

/** What became of a deployment before it had its lane: how often its work was begun, by workers that were lost, and how far it came. */
export type EarlierRuns = Pick<DeploymentRecord, 'state' | 'tries' | 'deployedAt' | 'outcome' | 'cancelAsked'>

/** The same as the script `enter` gives it. */
export function toEarlierRuns([state, tries, deployedAt, outcome, cancelAsked]: (
  | string
  | null
)[]): EarlierRuns {
  return {
    state: state as DeploymentState,
    tries: Number(tries),
    ...(deployedAt && { deployedAt: Number(deployedAt) }),
    ...(outcome && { outcome }),
    ...(cancelAsked && { cancelAsked }),
  }
}
