import { lockTaskOf } from '../deployments/lock-task.ts'
import { decodePayload, ourFields, type PayloadFacts, readDeploymentPayload } from '../deployments/payload.ts'
import { fullName, type Repository, type StartDeployment } from '../jobs/job.ts'
import type { GitHub } from './client.ts'

/** A deployment's state at GitHub; others exist that only GitHub itself sets. */
export type DeploymentState =
  | 'pending'
  | 'queued'
  | 'in_progress'
  | 'success'
  | 'failure'
  | 'error'
  | 'inactive'

/** A status to be written. The description has at most 140 code points. */
export interface NewStatus {
  state: DeploymentState
  description: string
  logUrl: string
  /** Where the environment can be seen. */
  environmentUrl?: string | undefined
  /** It says nothing of what is deployed there: earlier deployments stay what they are. */
  isAside?: boolean
}

/** A status as GitHub has it. */
export interface GitHubStatus {
  id: number
  state: string
  description: string
}

/**
 * The deployment that was already made for what a job is for, if any. GitHub knows no idempotency key: asked before one is
 * created, this makes creating it repeatable.
 */
export async function findDeployment(github: GitHub, job: StartDeployment): Promise<number | undefined> {
  const { data } = await github.rest.repos.listDeployments({
    owner: job.repository.owner,
    repo: job.repository.name,
    sha: job.sha,
    environment: job.environment,
    per_page: 100,
  })
  return data.find(
    ({ task, payload }) => lockTaskOf(task) === undefined && isMadeFor(job, readDeploymentPayload(payload)),
  )?.id
}

function isMadeFor(job: StartDeployment, facts: PayloadFacts): boolean {
  return (
    facts.pullRequest === job.pullRequest &&
    facts.pushedTo === job.pushedTo &&
    facts.tag === job.tag &&
    facts.promotedFrom === job.promotedFrom &&
    facts.rollbackOf === job.rollbackOf &&
    facts.retryOf === job.retryOf &&
    facts.request === job.request
  )
}

/**
 * Creates a deployment and gives its id and who GitHub says made it. We judge the checks ourselves and deploy exactly the sha:
 * auto_merge would merge the default branch into it and create nothing (202).
 */
export async function createDeployment(
  github: GitHub,
  job: StartDeployment,
): Promise<{ id: number; creator: string | undefined }> {
  const { data } = await github.rest.repos.createDeployment({
    owner: job.repository.owner,
    repo: job.repository.name,
    ref: job.sha,
    environment: job.environment,
    ...(job.task === undefined ? {} : { task: job.task }),
    description: job.description,
    auto_merge: false,
    required_contexts: [],
    payload: payloadOf(job),
  })
  if ('id' in data) return { id: data.id, creator: data.creator?.login }
  throw new Error(
    `GitHub created no deployment of ${job.sha} in ${fullName(job.repository)}: ${data.message}`,
  )
}

function payloadOf(job: StartDeployment): Record<string, unknown> {
  const others = Object.entries(job.payload ?? {}).filter(([name]) => !ourFields.includes(name))
  return {
    ...Object.fromEntries(others),
    environment: job.environment,
    deploy_user: job.deployUser,
    ...(job.pullRequest === undefined ? {} : { pull_request: job.pullRequest }),
    ...(job.branch === undefined ? {} : { branch: job.branch }),
    ...(job.tag === undefined ? {} : { tag: job.tag }),
    ...(job.pushedTo === undefined ? {} : { pushed_to: job.pushedTo }),
    ...(job.promotedFrom === undefined ? {} : { promoted_from: job.promotedFrom }),
    ...(job.rollbackOf === undefined ? {} : { rollback_of: job.rollbackOf }),
    ...(job.retryOf === undefined ? {} : { retry_of: job.retryOf }),
    ...(job.request === undefined ? {} : { request: job.request }),
    ...(job.isHead === true ? { unmerged: true } : {}),
    ...(job.changedAt === undefined ? {} : { changed_at: job.changedAt }),
  }
}

/** A deployment's payload: what is JSON in it as that, `{}` if there is none. */
export async function fetchPayload(
  github: GitHub,
  { owner, name }: Repository,
  deploymentId: number,
): Promise<unknown> {
  const { data } = await github.rest.repos.getDeployment({
    owner,
    repo: name,
    deployment_id: deploymentId,
  })
  const payload = decodePayload(data.payload)
  return payload === '' || payload === null || payload === undefined ? {} : payload
}

/** A deployment's statuses, newest first: the first one's state is the deployment's. */
export async function listStatuses(
  github: GitHub,
  repository: Repository,
  deploymentId: number,
): Promise<GitHubStatus[]> {
  const { data } = await github.rest.repos.listDeploymentStatuses({
    owner: repository.owner,
    repo: repository.name,
    deployment_id: deploymentId,
    per_page: 100,
  })
  return data.map(({ id, state, description }) => ({ id, state, description }))
}

/** Writes a status; GitHub keeps them all, and the newest counts. */
export async function createStatus(
  github: GitHub,
  repository: Repository,
  deploymentId: number,
  status: NewStatus,
): Promise<void> {
  await github.rest.repos.createDeploymentStatus({
    owner: repository.owner,
    repo: repository.name,
    deployment_id: deploymentId,
    state: status.state,
    description: status.description,
    log_url: status.logUrl,
    ...(status.environmentUrl === undefined ? {} : { environment_url: status.environmentUrl }),
    // GitHub spares production and transient environments; those we make inactive ourselves.
    auto_inactive: status.isAside !== true,
  })
}
