import { checkIdOf } from '../../src/checks/id.ts'
import type { GiveUp } from '../../src/errors/errors.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { type Check, fullName } from '../../src/jobs/job.ts'
import { labelsForCheck } from '../../src/jobs/needed-labels.ts'
import { truncate } from '../../src/text.ts'
import type { Tools } from '../tools.ts'

/** Writes a check down, makes it pending at GitHub, and queues its run; what has run, or is to run, is not run again. */
export async function check(job: Check, tools: Tools, jobId: string): Promise<void> {
  const { checks, checkReports, log } = tools
  const { repository, pullRequest, context, delivery } = job
  const about = { repository: fullName(repository), pullRequest: pullRequest.number, context, delivery }
  const wanted = await checks.want(job, jobId)
  if (wanted === undefined) {
    log.info(
      { ...about, sha: pullRequest.sha },
      'a check is not run: the pull request has another head by now',
    )
    return
  }
  await checkReports.deliver(wanted.id)
  const record = await checks.read(wanted.id)
  if (record?.state === 'pending') {
    const labels = labelsForCheck(tools.rules.current, repository, context)
    await tools.queueCheck({ repository, check: wanted.id, run: record.run, delivery }, labels)
  }
}

/** Ends a check that is given up before it could be queued: whatever happens, it does not stay pending. */
export async function giveUpCheck(job: Check, reason: GiveUp, tools: Tools): Promise<void> {
  await endCheck(checkIdOf(job.repository.id, job.pullRequest.sha, job.context), reason, tools)
}

/** Ends a check that will not be run, with the reason. */
export async function endCheck(id: string, reason: GiveUp, { checks, checkReports }: Tools): Promise<void> {
  await checks.settle(id, 'error', truncate(reason.message, 140))
  await checkReports.deliver(id).catch((error: unknown) => {
    if (!(error instanceof GitHubRefusal)) throw error
  })
}
