import type { ProcessDeployment } from '../../src/jobs/job.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Reports } from './reports.ts'

/**
 * The outbox of all deployments. Those that GitHub Actions runs get their statuses from there: of them, GitHub is told why they wait
 * and what is decided.
 */
export function openOutboxOfAll(outbox: Outbox, reports: Reports): Outbox {
  const isReviewed = ({ deployment }: ProcessDeployment) => deployment.workflowRun !== undefined
  return {
    compare: async (job, ours) => {
      if (!isReviewed(job)) await outbox.compare(job, ours)
    },
    deliver: (job) => (isReviewed(job) ? reports.deliver(job) : outbox.deliver(job)),
    retire: outbox.retire,
  }
}
