import type { DeploymentRecord } from '../../src/deployments/deployment-record.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { readPullHead } from '../../src/github/pull-head.ts'
import type { CommandInComment } from '../../src/jobs/job.ts'
import type { Tools } from '../tools.ts'
import type { CommandResult, FollowedDeployment, FollowedMerge } from './result.ts'

/** How what a command began stands now. */
export type Progress =
  | { kind: 'none' }
  /** No deployment is made yet, and why. */
  | { kind: 'asked'; waitsFor: string | undefined }
  | { kind: 'not made'; why: string }
  | { kind: 'deployment'; record: DeploymentRecord; description: string }
  /** Of a deployment that is not in our record any more, or not yet. */
  | { kind: 'made'; deployment: number }
  | { kind: 'waits to be merged'; reasons: readonly string[] }
  | { kind: 'merged'; sha: string }
  | { kind: 'not merged'; why: string }

/** Looks how what a command began stands. */
export async function readProgress(
  job: CommandInComment,
  result: CommandResult,
  tools: Tools,
): Promise<Progress> {
  switch (result.kind) {
    case 'deployment':
      return readDeployment(result, tools)
    case 'merge':
      return readMerge(job, result, tools)
    default:
      return { kind: 'none' }
  }
}

async function readDeployment(
  { request, deployment }: FollowedDeployment,
  { requests, records }: Tools,
): Promise<Progress> {
  const asked = request === undefined || request === '' ? undefined : await requests.read(request)
  if (asked?.refused !== undefined) return { kind: 'not made', why: asked.refused }
  const id = asked?.deployment ?? deployment
  if (id === undefined) return { kind: 'asked', waitsFor: asked?.waitsFor }
  const [record, statuses] = await Promise.all([records.read(id), records.statuses(id)])
  if (record === undefined) return { kind: 'made', deployment: id }
  return { kind: 'deployment', record, description: statuses.at(-1)?.description ?? '' }
}

/** So long after a comment, the job that merges has been begun. */
const begunMs = 60_000

/** GitHub is asked only before and after it waits. */
async function readMerge(
  { repository, pullRequest, comment }: CommandInComment,
  { sha }: FollowedMerge,
  { merging, github }: Tools,
): Promise<Progress> {
  const isLookedAt = await merging.looks.exists({ repository, pullRequest })
  const wait = await merging.waits.read(repository.id, pullRequest)
  if (wait) return { kind: 'waits to be merged', reasons: wait.reasons }
  try {
    const pull = await readPullHead(github, repository, pullRequest)
    if (pull.state === 'merged') return { kind: 'merged', sha: pull.mergeSha ?? pull.sha }
    if (pull.state === 'closed') return { kind: 'not merged', why: 'it was closed without being merged' }
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    return { kind: 'not merged', why: error.message }
  }
  const given = (await merging.waits.givenUp(repository.id)).find((each) => each.pullRequest === pullRequest)
  if (!given) {
    const isBegun = Date.now() - Date.parse(comment.createdAt) > begunMs
    if (isLookedAt || !isBegun) return { kind: 'waits to be merged', reasons: [] }
    return { kind: 'not merged', why: 'it does not ask to be merged any more' }
  }
  const reasons = given.reasons.join(', ')
  return {
    kind: 'not merged',
    why: `it was waited for too long: ${reasons}. Its head was ${sha.slice(0, 7)}`,
  }
}
