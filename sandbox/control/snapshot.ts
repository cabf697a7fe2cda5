import type { ApiLog } from '../api-log.ts'
import { isoSeconds } from '../present/common.ts'
import type { Delivery, Deployment, Hook, Pull, Repository } from '../state.ts'
import { fullNameOf, type World } from '../world.ts'

/** All that has happened, as plain JSON without secrets. */
export type Snapshot = ReturnType<typeof takeSnapshot>

export function takeSnapshot(world: World, log: ApiLog) {
  return {
    url: world.url,
    api_url: world.apiUrl,
    repositories: [...world.repositories.values()].map((repository) => ofRepository(world, repository)),
    deliveries: world.deliveries.map(ofDelivery),
    requests: log.requests.length,
    violations: log.violations,
  }
}

function ofRepository(world: World, repository: Repository) {
  return {
    id: repository.id,
    full_name: fullNameOf(repository),
    default_branch: repository.defaultBranch,
    clone_url: `${world.url}/${fullNameOf(repository)}.git`,
    branches: Object.fromEntries(repository.branches),
    hooks: repository.hooks.map(ofHook),
    pulls: [...repository.pulls.values()].map(ofPull),
    deployments: repository.deployments.map(ofDeployment),
    commit_statuses: repository.statuses.map(({ sha, context, state, description }) => ({
      sha,
      context,
      state,
      description,
    })),
    comments: repository.comments.map(({ id, number, user, body }) => ({
      id,
      number,
      user: user.login,
      body,
    })),
  }
}

function ofHook({ id, url, contentType, events, active }: Hook) {
  return { id, url, content_type: contentType, events, active }
}

function ofPull(pull: Pull) {
  return {
    number: pull.number,
    title: pull.title,
    user: pull.user.login,
    state: pull.mergedAt === null ? pull.state : 'merged',
    head: { ref: pull.head.ref, sha: pull.head.sha },
    base: pull.base.ref,
    merge_commit_sha: pull.mergeCommitSha,
    created_at: isoSeconds(pull.at),
    merged_at: isoSeconds(pull.mergedAt),
  }
}

function ofDeployment(deployment: Deployment) {
  return {
    id: deployment.id,
    environment: deployment.environment,
    ref: deployment.ref,
    sha: deployment.sha,
    description: deployment.description,
    creator: deployment.creator.login,
    state: deployment.statuses.at(-1)?.state ?? null,
    at: deployment.at,
    statuses: deployment.statuses.map(({ id, state, description, logUrl, environmentUrl, at }) => ({
      id,
      state,
      description,
      log_url: logUrl,
      environment_url: environmentUrl,
      at,
    })),
  }
}

function ofDelivery(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    hook_id: delivery.hookId,
    event: delivery.event,
    action: delivery.action,
    redelivery: delivery.redelivery,
    at: delivery.at,
    status: delivery.status,
    status_code: delivery.statusCode,
    duration: delivery.duration,
    answer: delivery.responseBody.slice(0, 2000),
  }
}
