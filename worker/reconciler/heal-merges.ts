import { setTimeout as sleep } from 'node:timers/promises'
import { findDeployment } from '../../src/github/deployments.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { isPartOf, type ListedDeployment, listClosedPulls } from '../../src/github/recent.ts'
import type { GitHubRepository } from '../../src/github/repositories.ts'
import { fullName, type JobRequest, type Repository } from '../../src/jobs/job.ts'
import { queueOf } from '../../src/jobs/queues.ts'
import type { Window } from './deployments.ts'
import { findMerges, isDeployed, judgeMerges, type Merge, type Overtaken } from './merges.ts'
import type { PassTools } from './pass-tools.ts'
import { hasJob } from './requeue.ts'

/** How long a merge's deployment is waited for before the next merge is queued. */
const inTurnMs = 10_000

/**
 * Queues the merges that have no deployment, one after the other, so that their deployments are in their order.
 * Gives false if the token may not read pull requests.
 */
export async function healMerges(
  repository: Repository,
  found: GitHubRepository,
  deployments: ListedDeployment[],
  window: Window,
  tools: PassTools,
): Promise<boolean> {
  const pulls = await readPulls(repository, found, tools)
  if (pulls === undefined) return false
  const { queues, requeue, log, healed } = tools
  const merges = findMerges(found, pulls, window.from, tools.rules.current)
  const queued = await Promise.all(merges.map(({ request }) => hasJob(queues, request)))
  const known = new Set(
    merges.filter(({ request }, index) => queued[index] || isDeployed(request.data, deployments)),
  )
  const { missing, overtaken } = judgeMerges(merges, (merge) => known.has(merge), window.until)
  for (const each of overtaken) await sayOvertaken(repository, each, tools)
  let before: JobRequest | undefined
  for (const merge of missing) {
    const { pullRequest, environment } = merge.request.data
    if (await isCovered(repository, merge, deployments, tools)) continue
    if (before && !(await isDone(before, tools))) return true
    if (!(await requeue(merge.request))) continue
    before = merge.request
    healed.merges.push(pullRequest)
    log.warn({ repository: fullName(repository), pullRequest, environment }, 'queued a merge that was missed')
  }
  return true
}

async function readPulls(repository: Repository, found: GitHubRepository, tools: PassTools) {
  const { ask, github, memory, log } = tools
  const branch = tools.rules.current.of(found.full_name)?.branch ?? found.default_branch
  try {
    const pulls = await ask(() => listClosedPulls(github, repository, branch))
    await memory.unsay(repository.id, 'pulls')
    return pulls
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    if (await memory.sayOnce(repository.id, 'pulls')) {
      log.warn(
        { repository: fullName(repository), reason: error.message },
        'the token may not read pull requests: merges whose delivery was lost are not found',
      )
    }
    return undefined
  }
}

/** Whether the environment has got the merge all the same: by a deployment of it, or of what came after it. */
async function isCovered(
  repository: Repository,
  { request }: Merge,
  deployments: ListedDeployment[],
  tools: PassTools,
): Promise<boolean> {
  const { ask, github, memory, log } = tools
  const { sha, environment, pullRequest } = request.data
  if ((await ask(() => findDeployment(github, request.data))) !== undefined) return true
  const newest = deployments.find((deployment) => deployment.environment === environment)
  if (!newest || !(await ask(() => isPartOf(github, repository, sha, newest.sha)))) return false
  if (await memory.sayOnce(repository.id, `merge:${pullRequest}:${environment}`)) {
    const about = { repository: fullName(repository), pullRequest, environment, deployment: newest.id }
    log.info(about, 'a merge was missed, and is part of what was deployed since')
  }
  return true
}

async function sayOvertaken(
  repository: Repository,
  { merge, by }: Overtaken,
  tools: PassTools,
): Promise<void> {
  const { pullRequest, environment } = merge.request.data
  if (!(await tools.memory.sayOnce(repository.id, `merge:${pullRequest}:${environment}`))) return
  const about = {
    repository: fullName(repository),
    pullRequest,
    environment,
    by: by.request.data.pullRequest,
  }
  tools.log.info(about, 'a merge was missed, and is left: a newer one was deployed already')
}

/** Whether a job has done its part, or sleeps. */
async function isDone({ name, id }: JobRequest, { queues, signal }: PassTools): Promise<boolean> {
  const until = performance.now() + inTurnMs
  while (performance.now() < until && !signal.aborted) {
    const state = await queues[queueOf[name]].getJobState(id)
    if (state !== 'waiting' && state !== 'prioritized' && state !== 'active') return true
    await sleep(50)
  }
  return false
}
