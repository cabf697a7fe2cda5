import { setRefs } from '../git/commit.ts'
import { contains, mergeCommits } from '../git/merge.ts'
import { resolveCommit } from '../git/read.ts'
import { announceDeployment, announceDeploymentStatus } from '../hooks/events.ts'
import { latestCheckRuns, latestStatuses } from '../present/checks.ts'
import { Refusal, refuseLongDescription } from '../refusal.ts'
import type { Deployment, DeploymentState, DeploymentStatus, Repository, User } from '../state.ts'
import { ACTIONS_APP, fullNameOf, inTurn, nextId, now, tell, userNamed, type World } from '../world.ts'
import { branchMoved } from './branches.ts'
import { authorOf } from './repositories.ts'

/** The body of `POST /repos/{owner}/{repo}/deployments`. */
export interface DeploymentRequest {
  ref: string
  task?: string
  auto_merge?: boolean
  required_contexts?: string[]
  payload?: unknown
  environment?: string
  description?: string | null
  transient_environment?: boolean
  production_environment?: boolean
}

/** Creates a deployment, or gives the message of GitHub's 202 when it merged the default branch instead. */
export async function createDeployment(
  world: World,
  repository: Repository,
  user: User,
  request: DeploymentRequest,
  { workflowRun = false }: { workflowRun?: boolean } = {},
): Promise<Deployment | { message: string }> {
  const sha = await inTurn(repository, () => resolveCommit(repository.gitDir, request.ref))
  if (!sha) throw new Refusal(422, `No ref found for: ${request.ref}`)
  if (request.auto_merge ?? true) {
    const message = await autoMerge(world, repository, user, request.ref)
    if (message) return { message }
  }
  refuseUnlessGreen(repository, sha, request)
  const environment = request.environment ?? 'production'
  const at = now()
  const deployment: Deployment = {
    id: nextId(world),
    sha,
    ref: request.ref,
    task: request.task ?? 'deploy',
    payload: request.payload ?? '',
    originalEnvironment: environment,
    environment,
    description: request.description ?? null,
    creator: workflowRun ? userNamed(world, 'github-actions[bot]') : user,
    app: workflowRun ? ACTIONS_APP : appOf(world, user),
    workflowRun,
    transient: request.transient_environment ?? false,
    production: request.production_environment ?? environment === 'production',
    at,
    updatedAt: at,
    statuses: [],
  }
  repository.deployments.push(deployment)
  tell(world, { what: 'deployment created', repository: fullNameOf(repository), id: deployment.id })
  announceDeployment(world, repository, deployment)
  return deployment
}

/** The App whose bot somebody is. */
function appOf(world: World, user: User) {
  return [...world.apps.registered.values()].find(({ bot }) => bot === user) ?? null
}

/** Merges the default branch into the deployed branch if that is behind; null if there was nothing to merge. */
async function autoMerge(world: World, repository: Repository, user: User, ref: string) {
  const branch = ref.replace(/^(refs\/)?heads\//, '')
  const { defaultBranch } = repository
  const merged = await inTurn(repository, async () => {
    const head = repository.branches.get(branch)
    const base = repository.branches.get(defaultBranch)
    if (!head || !base || branch === defaultBranch) return null
    if (await contains(repository.gitDir, head, base)) return null
    const message = `Merge branch '${defaultBranch}' into ${branch}\n`
    const merge = { base: head, head: base, method: 'merge' as const, message, author: authorOf(user) }
    const sha = await mergeCommits(repository.gitDir, merge)
    if (!sha) throw new Refusal(409, `Conflict merging ${defaultBranch} into ${branch}.`)
    await setRefs(repository.gitDir, { [`refs/heads/${branch}`]: sha })
    repository.branches.set(branch, sha)
    return { before: head, sha }
  })
  if (!merged) return null
  await branchMoved(world, repository, user, branch, merged.before, merged.sha)
  return `Auto-merged ${defaultBranch} into ${branch} on deployment.`
}

/** GitHub's 409 when a context that is asked for (all that are there, if none is named) is not green. */
function refuseUnlessGreen(repository: Repository, sha: string, request: DeploymentRequest): void {
  const states = contextStates(repository, sha)
  const wanted = request.required_contexts ?? [...states.keys()]
  const bad = wanted
    .map((context) => ({ context, state: states.get(context) ?? 'pending' }))
    .filter(({ state }) => state !== 'success')
  if (bad.length === 0) return
  throw new Refusal(409, `Conflict: Commit status checks failed for ${request.ref}.`, {
    errors: [{ contexts: bad, resource: 'Deployment', field: 'required_contexts', code: 'invalid' }],
  })
}

function contextStates(repository: Repository, sha: string): Map<string, string> {
  const states = new Map<string, string>()
  for (const status of latestStatuses(repository, sha)) states.set(status.context, status.state)
  for (const run of latestCheckRuns(repository, sha)) states.set(run.name, run.conclusion ?? 'pending')
  return states
}

/** The body of `POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses`. */
export interface DeploymentStatusRequest {
  state: DeploymentState
  target_url?: string
  log_url?: string
  description?: string
  environment?: string
  environment_url?: string
  auto_inactive?: boolean
}

/** GitHub has such a limit and does not publish it; this one only stops what would never end. */
const STATUSES_LIMIT = 1000

export function createDeploymentStatus(
  world: World,
  repository: Repository,
  user: User,
  deployment: Deployment,
  request: DeploymentStatusRequest,
): DeploymentStatus {
  refuseLongDescription('DeploymentStatus', request.description)
  if (deployment.statuses.length >= STATUSES_LIMIT) {
    throw new Refusal(422, 'This deployment has reached the maximum number of statuses.')
  }
  const status = addStatus(world, repository, user, deployment, request)
  if (request.state === 'success' && (request.auto_inactive ?? true)) {
    for (const earlier of supersededBy(repository, deployment)) {
      addStatus(world, repository, user, earlier, { state: 'inactive' })
    }
  }
  return status
}

function addStatus(
  world: World,
  repository: Repository,
  user: User,
  deployment: Deployment,
  request: DeploymentStatusRequest,
): DeploymentStatus {
  const environment = request.environment || deployment.environment
  const status: DeploymentStatus = {
    id: nextId(world),
    state: request.state,
    creator: user,
    description: request.description ?? '',
    environment,
    logUrl: request.log_url || request.target_url || '',
    environmentUrl: request.environment_url ?? '',
    at: now(),
  }
  deployment.environment = environment
  deployment.updatedAt = status.at
  deployment.statuses.push(status)
  const change = { repository: fullNameOf(repository), id: deployment.id, state: status.state }
  tell(world, { what: 'deployment status created', ...change })
  announceDeploymentStatus(world, repository, deployment, status)
  return status
}

/** Earlier successful deployments of the environment, save those GitHub leaves alone: production and transient. */
function supersededBy(repository: Repository, deployment: Deployment): Deployment[] {
  return repository.deployments.filter(
    (earlier) =>
      earlier.id < deployment.id &&
      earlier.environment === deployment.environment &&
      !earlier.transient &&
      !earlier.production &&
      earlier.statuses.at(-1)?.state === 'success',
  )
}
