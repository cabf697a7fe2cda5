import { createDeployment, findDeployment } from '../../src/github/deployments.ts'
import { isPartOf } from '../../src/github/recent.ts'
import { fullName, type StartDeployment } from '../../src/jobs/job.ts'
import { passGate } from '../ci-gate.ts'
import { renewNow } from '../exclusively.ts'
import { environmentOf } from '../rules.ts'
import type { Tools } from '../tools.ts'
import { findOvertaking } from './find-overtaking.ts'
import { findUntouched } from './find-untouched.ts'

/**
 * Makes the GitHub deployment of a merge, a push, a tag, a promotion or a rollback, once, and only if its CI is green:
 * GitHub then sends the deployment event.
 *
 * @throws {AskAgain} while its CI is pending
 */
export async function startDeployment(job: StartDeployment, tools: Tools, jobId: string): Promise<void> {
  const { github, log, rules, exclusively, mergeOrder } = tools
  const { repository, environment, pullRequest, sha, delivery } = job
  const about = { repository: fullName(repository), environment, pullRequest, sha, delivery }
  const { paths } = environmentOf(rules.current, repository, environment)
  await exclusively(`creating:${repository.id}:${environment}`, async (lease) => {
    const existing = await findDeployment(github, job)
    if (existing !== undefined) {
      log.info({ ...about, deployment: existing }, 'there is a deployment already')
      await noteRollback(job, existing, tools)
      return
    }
    const reason =
      (await doubtPromotion(job, tools)) ??
      (await findOvertaking(github, job)) ??
      (await leaveUntouched(job, jobId, paths, tools))
    if (reason !== undefined) {
      await tools.skipped.write({ ...skippedOf(job, jobId), reason, at: Date.now() })
      log.info({ ...about, reason }, 'no deployment is made')
      return
    }
    // What is rolled back to has passed it before.
    if (job.rollbackOf === undefined && !(await passGate(job, jobId, tools))) return
    const replacedBy = isMerge(job) ? await findNewer(job, tools) : undefined
    if (replacedBy !== undefined) await mergeOrder.late(job, replacedBy)
    await renewNow(lease)
    const { id: deployment, creator } = await createDeployment(github, job)
    if (creator !== undefined) await tools.ourAccounts.note(creator)
    if (isMerge(job) && replacedBy === undefined) await mergeOrder.made(job, deployment)
    log.info({ ...about, deployment }, `created a deployment to ${environment}`)
    await noteRollback(job, deployment, tools)
  })
}

/** What waits for its CI was let through before it did. */
async function leaveUntouched(job: StartDeployment, jobId: string, paths: readonly string[], tools: Tools) {
  const waits = paths.length > 0 && (await tools.gates.read(jobId))?.verdict === 'pending'
  return waits ? undefined : findUntouched(job, paths, tools)
}

function skippedOf({ repository, environment, sha, pullRequest, tag }: StartDeployment, jobId: string) {
  return {
    ...{ jobId, repositoryId: repository.id, environment, sha },
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(tag === undefined ? {} : { tag }),
  }
}

/** Tells whoever looks at a failed deployment which one rolls it back. */
async function noteRollback({ rollbackOf, sha }: StartDeployment, deployment: number, tools: Tools) {
  if (rollbackOf === undefined || !(await tools.records.rolledBackBy(rollbackOf, deployment))) return
  await tools.logs.append(rollbackOf, [`#${deployment} rolls it back to ${sha.slice(0, 7)}.`])
}

/** A promotion names the pull request that it came from, too. */
function isMerge({ pullRequest, promotedFrom }: StartDeployment): boolean {
  return pullRequest !== undefined && promotedFrom === undefined
}

/** Whoever may write to a repository may write a success on a deployment: our own record is what counts. */
async function doubtPromotion({ promotedFrom }: StartDeployment, { records }: Tools) {
  if (promotedFrom === undefined) return undefined
  const record = await records.read(promotedFrom)
  return record?.state === 'success' ? undefined : `#${promotedFrom} is not known here to have succeeded`
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
