import { createDeployment, findDeployment } from '../../src/github/deployments.ts'
import { isPartOf } from '../../src/github/recent.ts'
import { fullName, type StartDeployment } from '../../src/jobs/job.ts'
import { passGate } from '../ci-gate.ts'
import { renewNow } from '../exclusively.ts'
import type { Tools } from '../tools.ts'

/**
 * Makes the GitHub deployment of a merged pull request, once and only if its CI is green: GitHub then sends the
 * deployment event.
 *
 * @throws {AskAgain} while its CI is pending
 */
export async function startDeployment(job: StartDeployment, tools: Tools, jobId: string): Promise<void> {
  const { github, log, exclusively, mergeOrder } = tools
  const { repository, environment, pullRequest, sha, delivery } = job
  const about = { repository: fullName(repository), pullRequest, delivery }
  await exclusively(`creating:${repository.id}:${environment}`, async (lease) => {
    const existing = await findDeployment(github, job)
    if (existing !== undefined) {
      log.info({ ...about, deployment: existing }, 'the merge has its deployment already')
      return
    }
    if (!(await passGate(job, jobId, tools))) return
    const replacedBy = await findNewer(job, tools)
    if (replacedBy !== undefined) await mergeOrder.late(job, replacedBy)
    await renewNow(lease)
    const deployment = await createDeployment(github, job)
    if (replacedBy === undefined) await mergeOrder.made(job, deployment)
    log.info({ ...about, deployment, sha }, `created a deployment to ${environment}`)
  })
}

/** The deployment that was made already of a later merge, which holds this one. */
async function findNewer(job: StartDeployment, { github, mergeOrder }: Tools): Promise<number | undefined> {
  const newest = await mergeOrder.newest(job)
  if (newest === undefined) return undefined
  const isLater =
    job.mergedAt !== undefined &&
    newest.mergedAt !== undefined &&
    Date.parse(job.mergedAt) > Date.parse(newest.mergedAt)
  if (isLater) return undefined
  return (await isPartOf(github, job.repository, job.sha, newest.sha)) ? newest.deployment : undefined
}
