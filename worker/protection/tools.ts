import type { Lanes } from '../../src/deployments/lanes.ts'
import type { ReviewedRuns } from '../../src/protection/runs.ts'
import type { Reports } from './reports.ts'

/** What deciding about deployments that GitHub Actions runs needs besides what every handler has. */
export interface Protection {
  runs: ReviewedRuns
  reports: Reports
  /** The lanes, held for long: a run of GitHub Actions has no worker of ours that would renew its hold all the time. */
  lanes: Pick<Lanes, 'renew'>
  /** Something was reported of such a deployment: it is looked at, at once. */
  wake(deploymentId: number, repositoryId: number, environment: string): Promise<void>
}

/** From one look at a run to the next, with some to spare: whoever is gone for longer has lost the environment. */
export const runLeaseMs = 3_600_000
