import { findEnvironment } from '../../src/config/find-environment.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { type ListedDeployment, listStates } from '../../src/github/recent.ts'
import type { GitHubRepository } from '../../src/github/repositories.ts'
import {
  hasCustomRule,
  listPendingEnvironments,
  listWaitingRuns,
  type WorkflowRun,
} from '../../src/github/workflow-runs.ts'
import { fullName, type Repository } from '../../src/jobs/job.ts'
import { jobsOf, type Window } from './deployments.ts'
import type { PassTools } from './pass-tools.ts'

/** More than this many in one pass would hold up other repositories. */
const mostAsked = 20

/** Queues the deployments with which runs of GitHub Actions wait for our word, and of which no delivery told us. */
export async function healReviews(
  repository: Repository,
  found: GitHubRepository,
  deployments: ListedDeployment[],
  { until }: Window,
  tools: PassTools,
): Promise<void> {
  const rules = tools.rules.current.of(found.full_name)
  const isGated = (name: string) => rules && findEnvironment(rules, name)?.actions === 'gate'
  const due = deployments.filter(
    ({ environment, created_at }) => isGated(environment) && Date.parse(created_at) <= until,
  )
  const unknown = await withoutRecord(due, tools)
  // Most are over, or ours: only while a run waits is more asked.
  const runs = unknown.length === 0 ? [] : await readRuns(repository, tools)
  for (const run of runs.slice(0, mostAsked)) {
    const candidates = unknown.filter(({ sha }) => sha === run.sha)
    if (candidates.length > 0) await healRun(repository, found, run, candidates, tools)
  }
}

async function healRun(
  repository: Repository,
  found: GitHubRepository,
  run: WorkflowRun,
  candidates: ListedDeployment[],
  tools: PassTools,
): Promise<void> {
  const { ask, github, requeue, log, healed } = tools
  for (const environment of await ask(() => listPendingEnvironments(github, repository, run.id))) {
    const there = candidates.filter((each) => each.environment.toLowerCase() === environment.toLowerCase())
    const deployment = await findOfRun(repository, run, there, tools)
    if (!deployment || !(await ask(() => hasCustomRule(github, repository, environment)))) continue
    const payload = { ...payloadOf(found, run, environment), deployment }
    for (const request of jobsOf('deployment_protection_rule', payload, tools.rules.current)) {
      if (!(await requeue(request))) continue
      healed.deployments.push(deployment.id)
      const about = { repository: fullName(repository), deployment: deployment.id, run: run.id }
      log.warn(about, 'queued a deployment of GitHub Actions that waits for us and was missed')
    }
  }
}

/** The newest deployment of which GitHub Actions says that this run is to do it. */
async function findOfRun(
  repository: Repository,
  { id }: WorkflowRun,
  candidates: ListedDeployment[],
  { ask, github }: PassTools,
): Promise<ListedDeployment | undefined> {
  const ofRun = new RegExp(`/actions/runs/${id}(/|$)`)
  for (const candidate of candidates.toSorted((a, b) => b.id - a.id)) {
    const states = await ask(() => listStates(github, repository, candidate.id))
    if (states.some(({ logUrl }) => ofRun.test(logUrl))) return candidate
  }
  return undefined
}

/** What GitHub would have sent; of the address, only the path counts. */
function payloadOf(repository: GitHubRepository, { id }: WorkflowRun, environment: string) {
  const path = `/repos/${repository.full_name}/actions/runs/${id}/deployment_protection_rule`
  return {
    action: 'requested',
    repository,
    environment,
    deployment_callback_url: `https://api.github.com${path}`,
  }
}

async function withoutRecord(deployments: ListedDeployment[], { redis, keys }: PassTools) {
  const pipeline = redis.pipeline()
  for (const { id } of deployments) pipeline.exists(keys.record(id))
  const answers = (await pipeline.exec()) ?? []
  return deployments.filter((_deployment, index) => answers[index]?.[1] === 0)
}

async function readRuns(repository: Repository, { ask, github, memory, log }: PassTools) {
  try {
    const runs = await ask(() => listWaitingRuns(github, repository))
    await memory.unsay(repository.id, 'workflow-runs')
    return runs
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    if (await memory.sayOnce(repository.id, 'workflow-runs')) {
      const about = { repository: fullName(repository), reason: error.message }
      log.warn(
        about,
        'the token may not read the runs of GitHub Actions: those that wait for us are not found',
      )
    }
    return []
  }
}
