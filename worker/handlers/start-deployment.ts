import type { GiveUp } from '../../src/errors/errors.ts'
import { createDeployment, fetchPayload, findDeployment } from '../../src/github/deployments.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { isPartOf } from '../../src/github/recent.ts'
import type { StartDeployment } from '../../src/jobs/job.ts'
import { renewNow } from '../exclusively.ts'
import { passGate } from '../holds/ci-gate.ts'
import { tellSkipped } from '../notices/tell-skipped.ts'
import { environmentOf } from '../rules.ts'
import type { Tools } from '../tools.ts'
import { findOvertaking } from './find-overtaking.ts'
import { findUntouched } from './find-untouched.ts'
import { headMoved } from './head-moved.ts'
import { noteMade, noteRefused, noteWaiting, stoppedWords } from './note-request.ts'

/**
 * Makes the GitHub deployment of a merge, a push, a tag, a promotion, a rollback or somebody's wish, once, and only if its
 * CI is green: GitHub then sends the deployment event.
 *
 * @throws {AskAgain} while its CI is pending
 */
export async function startDeployment(job: StartDeployment, tools: Tools, jobId: string): Promise<void> {
  try {
    await makeOnce(job, tools, jobId)
  } catch (error) {
    await noteWaiting(job, jobId, error, tools)
    throw error
  }
}

/** Tells whoever asked for it why no deployment is made. */
export async function giveUpStart(
  job: StartDeployment,
  reason: GiveUp,
  tools: Tools,
  jobId: string,
): Promise<void> {
  await noteRefused(job, reason.message, tools)
  if (await isNews(job, jobId, tools)) await tellSkipped(job, jobId, reason.message, tools)
}

/** Whoever asks for something hears at once why it is refused; later, they have turned to something else. */
async function isNews({ request }: StartDeployment, jobId: string, { gates }: Tools): Promise<boolean> {
  return request === undefined || (await gates.read(jobId))?.verdict === 'pending'
}

async function makeOnce(job: StartDeployment, tools: Tools, jobId: string): Promise<void> {
  const { github, log, rules, exclusively } = tools
  const { repository, environment, sha } = job
  const about = { environment, sha }
  const { paths } = environmentOf(rules.current, repository, environment)
  await exclusively(`creating:${repository.id}:${environment}`, async (lease) => {
    const existing = await findDeployment(github, job)
    if (existing !== undefined) {
      log.info({ ...about, deployment: existing }, 'there is a deployment already')
      await noteMade(job, existing, tools)
      return
    }
    const isToBeTold = await isNews(job, jobId, tools)
    const reason = await findReasonAgainst(job, jobId, paths, tools)
    if (reason !== undefined) {
      await tools.skipped.write({ ...skippedOf(job, jobId), reason, at: Date.now() })
      log.info({ ...about, reason }, 'no deployment is made')
      return
    }
    // What is rolled back to has passed it before.
    if (job.rollbackOf === undefined && !(await passGate(job, jobId, tools))) {
      const words = await stoppedWords(job, jobId, tools)
      await noteRefused(job, words, tools)
      if (isToBeTold) await tellSkipped(job, jobId, words, tools)
      return
    }
    const moved = job.isHead === true ? await headMoved(job, tools) : undefined
    if (moved !== undefined) {
      log.info({ ...about, reason: moved }, 'no deployment is made')
      return noteRefused(job, moved, tools)
    }
    const replacedBy = isMerge(job) ? await findNewer(job, tools) : undefined
    if (replacedBy !== undefined) await tools.mergeOrder.late(job, replacedBy)
    const complete = await withEarlierPayload(job, tools)
    await renewNow(lease)
    await tools.traces.making(job)
    const { id: deployment, creator } = await createDeployment(github, complete)
    await tools.traces.made(job, deployment)
    if (creator !== undefined) await tools.ourAccounts.note(creator)
    if (isMerge(job) && replacedBy === undefined) await tools.mergeOrder.made(job, deployment)
    log.info({ ...about, deployment }, `created a deployment to ${environment}`)
    await noteMade(job, deployment, tools)
  })
}

/** Why what an event asked for is left out. What a person asks for is not. */
async function findReasonAgainst(
  job: StartDeployment,
  jobId: string,
  paths: readonly string[],
  tools: Tools,
): Promise<string | undefined> {
  if (job.request !== undefined) return undefined
  return (
    (await doubtPromotion(job, tools)) ??
    (await findOvertaking(tools.github, job)) ??
    (await leaveUntouched(job, jobId, paths, tools))
  )
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

/** What is deployed again has what others had put into its payload. */
async function withEarlierPayload(job: StartDeployment, { github }: Tools): Promise<StartDeployment> {
  if (job.retryOf === undefined || job.payload !== undefined) return job
  const payload = await fetchPayload(github, job.repository, job.retryOf).catch((error: unknown) => {
    if (error instanceof GitHubRefusal && error.status === 404) return {}
    throw error
  })
  return typeof payload === 'object' && payload !== null ? { ...job, payload: { ...payload } } : job
}

/** A promotion names the pull request that it came from, too, and so does what a person deploys again. */
function isMerge({ pullRequest, promotedFrom, request }: StartDeployment): boolean {
  return pullRequest !== undefined && promotedFrom === undefined && request === undefined
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
