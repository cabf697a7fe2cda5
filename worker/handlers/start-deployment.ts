import { createDeployment, findDeployment } from '../../src/github/deployments.ts'
import { fullName, mergeJobId, type StartDeployment } from '../../src/jobs/job.ts'
import { renewNow } from '../exclusively.ts'
import type { Tools } from '../tools.ts'

/** Makes the GitHub deployment of a merged pull request, once: GitHub then sends the deployment event. */
export async function startDeployment(job: StartDeployment, tools: Tools): Promise<void> {
  const { github, log, exclusively } = tools
  const about = { repository: fullName(job.repository), pullRequest: job.pullRequest, delivery: job.delivery }
  const subject = `creating:${mergeJobId(job.repository.id, job.pullRequest)}`
  await exclusively(subject, async (lease) => {
    const existing = await findDeployment(github, job)
    if (existing !== undefined) {
      log.info({ ...about, deployment: existing }, 'the merge has its deployment already')
      return
    }
    await renewNow(lease)
    const deployment = await createDeployment(github, job)
    log.info({ ...about, deployment, sha: job.sha }, `created a deployment to ${job.environment}`)
  })
}
