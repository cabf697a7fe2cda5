import type { Held } from '../../src/deployments/held.ts'
import { openLanes } from '../../src/deployments/lanes.ts'
import { deploymentJobId } from '../../src/jobs/job-ids.ts'
import type { Queues } from '../../src/jobs/queues.ts'
import { wakeJob } from '../../src/jobs/wake.ts'
import { openReviewedRuns } from '../../src/protection/runs.ts'
import { openReports, type ReportsOptions } from './reports.ts'
import { type Protection, runLeaseMs } from './tools.ts'

export interface ProtectionOptions extends ReportsOptions {
  queues: Queues
  held: Held
}

/** Opens what decides about deployments that GitHub Actions runs. */
export function openProtection(options: ProtectionOptions): Protection {
  const { redis, keys, queues, held } = options
  const runs = openReviewedRuns(redis, keys)
  return {
    runs,
    reports: openReports(options),
    lanes: openLanes(redis, keys, queues, runLeaseMs),
    async wake(deploymentId, repositoryId, environment) {
      await runs.noteReport(deploymentId)
      // Also seen by one that does not sleep yet.
      await held.wake(repositoryId, environment)
      await wakeJob(queues.deployments, deploymentJobId(deploymentId))
    },
  }
}
