import { GitHubRefusal } from '../../src/github/failure.ts'
import { type CancelChecks, fullName } from '../../src/jobs/job.ts'
import { cancelledWords } from '../checks/reports.ts'
import type { Tools } from '../tools.ts'

/** Ends the checks of a pull request whose outcome nobody waits for any more; whoever runs them sees it and stops. */
export async function cancelChecks(job: CancelChecks, tools: Tools): Promise<void> {
  const { repository, pullRequest, mergeGroup, pushed, delivery } = job
  const why = mergeGroup === undefined ? (pushed ? 'pushed' : 'closed') : 'destroyed'
  const cancelled = await tools.checks.cancel(job, cancelledWords[why])
  const about = { repository: fullName(repository), pullRequest, checks: cancelled, delivery }
  if (cancelled.length > 0) tools.log.info(about, 'checks are cancelled')
  const refused: GitHubRefusal[] = []
  for (const id of cancelled) {
    await tools.checkReports.deliver(id).catch((error: unknown) => {
      if (!(error instanceof GitHubRefusal)) throw error
      refused.push(error)
    })
  }
  if (refused[0]) throw refused[0]
}
