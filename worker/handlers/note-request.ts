import { RetryLater } from '../../src/errors/errors.ts'
import type { StartDeployment } from '../../src/jobs/job.ts'
import type { Tools } from '../tools.ts'

/* What whoever asked for a deployment is told of it before GitHub has one, and after. */

/** Notes the deployment that was made, for whoever asked for it, and at the one that it rolls back. */
export async function noteMade(job: StartDeployment, deployment: number, tools: Tools): Promise<void> {
  if (job.request !== undefined) await tools.requests.made(job.request, deployment)
  const { rollbackOf, sha } = job
  if (rollbackOf === undefined || !(await tools.records.rolledBackBy(rollbackOf, deployment))) return
  await tools.logs.append(rollbackOf, [`#${deployment} rolls it back to ${sha.slice(0, 7)}.`])
}

/** Notes why none is made. */
export async function noteRefused({ request }: StartDeployment, reason: string, tools: Tools): Promise<void> {
  if (request !== undefined) await tools.requests.refused(request, reason)
}

/** Notes what is waited for: the checks of the commit, or what keeps us from asking GitHub. */
export async function noteWaiting(
  { request, sha }: StartDeployment,
  jobId: string,
  error: unknown,
  tools: Tools,
): Promise<void> {
  if (request === undefined || !(error instanceof RetryLater)) return
  const gate = await tools.gates.read(jobId)
  const isPending = gate?.verdict === 'pending'
  const what = isPending ? `the CI of ${sha.slice(0, 7)}: ${gate.checks.join(', ')}` : error.message
  await tools.requests.waits(request, what)
}

/** Why CI does not let a commit through, and what to do about it. */
export async function stoppedWords({ sha }: StartDeployment, jobId: string, tools: Tools): Promise<string> {
  const gate = await tools.gates.read(jobId)
  const checks = gate === undefined || gate.checks.length === 0 ? '' : `: ${gate.checks.join(', ')}`
  const what = gate?.verdict === 'late' ? 'took too long' : 'has failed'
  const ways =
    "Push a fix or run the checks again; to deploy it as it is, create the deployment by GitHub's API."
  return `The CI of ${sha.slice(0, 7)} ${what}${checks}. ${ways}`
}
