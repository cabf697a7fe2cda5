import { type ListedDeployment, listStates } from '../../src/github/recent.ts'
import type { GitHubRepository } from '../../src/github/repositories.ts'
import type { Repository } from '../../src/jobs/job.ts'
import { fullName } from '../../src/jobs/job.ts'
import { type Candidate, findOurs, standingOf, type Window } from './deployments.ts'
import type { PassTools } from './pass-tools.ts'

/** More than this many in one pass would hold up other repositories. */
const mostAsked = 50

/** Queues the deployments that GitHub has, that are ours to run, and that we know nothing of. */
export async function healDeployments(
  repository: Repository,
  found: GitHubRepository,
  deployments: ListedDeployment[],
  window: Window,
  tools: PassTools,
): Promise<void> {
  const { ask, github, memory, requeue, log, healed } = tools
  const unknown = await withoutRecord(findOurs(found, deployments, window, tools.rules.current), tools)
  for (const { id, request } of unknown.slice(0, mostAsked)) {
    const standing = standingOf(id, await ask(() => listStates(github, repository, id)))
    if (standing !== 'missing') {
      await memory.settle(id)
    } else if (await requeue(request)) {
      healed.deployments.push(id)
      log.warn({ repository: fullName(repository), deployment: id }, 'queued a deployment that was missed')
    }
  }
}

/** Those that we have no record of. What has one is looked after by the record. */
async function withoutRecord(
  candidates: Candidate[],
  { redis, keys, memory }: PassTools,
): Promise<Candidate[]> {
  const settled = await memory.settled(candidates.map(({ id }) => id))
  const pipeline = redis.pipeline()
  for (const { id } of candidates) pipeline.exists(keys.record(id))
  const answers = (await pipeline.exec()) ?? []
  return candidates.filter(({ id }, index) => !settled.has(id) && answers[index]?.[1] === 0)
}
