import { lockTaskOf } from '../deployments/lock-task.ts'
import type { Repository } from '../jobs/job.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'

/** What happened in a repository lately, as GitHub has it: the fields of the API are those of the webhooks. */

export type ListedDeployment = Awaited<ReturnType<typeof listDeployments>>[number]
export type ListedPull = Awaited<ReturnType<typeof listClosedPulls>>[number]

/** The newest hundred deployments of a repository, newest first. */
export async function listDeployments(github: GitHub, { owner, name }: Repository) {
  const { data } = await github.rest.repos.listDeployments({ owner, repo: name, per_page: 100 })
  return data
}

/** The newest hundred deployments to one environment, newest first, without those that only lock or unlock it. */
export async function listDeploymentsTo(github: GitHub, { owner, name }: Repository, environment: string) {
  const { data } = await github.rest.repos.listDeployments({
    owner,
    repo: name,
    environment,
    per_page: 100,
  })
  return data.filter(({ task }) => lockTaskOf(task) === undefined)
}

/** A deployment's statuses, newest first, each with the address of its log, and when it was given, in milliseconds since 1970. */
export async function listStates(github: GitHub, { owner, name }: Repository, deploymentId: number) {
  const { data } = await github.rest.repos.listDeploymentStatuses({
    owner,
    repo: name,
    deployment_id: deploymentId,
    per_page: 100,
  })
  return data.map(({ state, description, log_url, created_at }) => ({
    state: state as string,
    description,
    logUrl: log_url ?? '',
    at: Date.parse(created_at),
  }))
}

/** The fifty pull requests into a branch that were closed and changed last, the last changed first. */
export async function listClosedPulls(github: GitHub, { owner, name }: Repository, base: string) {
  const { data } = await github.rest.pulls.list({
    owner,
    repo: name,
    state: 'closed',
    base,
    sort: 'updated',
    direction: 'desc',
    per_page: 50,
  })
  return data
}

/** The fifty open pull requests that changed last, the last changed first. */
export async function listOpenPulls(github: GitHub, { owner, name }: Repository) {
  const { data } = await github.rest.pulls.list({
    owner,
    repo: name,
    state: 'open',
    sort: 'updated',
    direction: 'desc',
    per_page: 50,
  })
  return data
}

/** Whether a commit is part of the history of another; not, if GitHub has one of them no more. */
export async function isPartOf(github: GitHub, { owner, name }: Repository, sha: string, of: string) {
  try {
    const { data } = await github.rest.repos.compareCommitsWithBasehead({
      owner,
      repo: name,
      basehead: `${sha}...${of}`,
      per_page: 1,
    })
    return data.status === 'ahead' || data.status === 'identical'
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return false
    throw error
  }
}
