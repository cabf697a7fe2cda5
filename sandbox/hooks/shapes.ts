import { isoSeconds, presentUser } from '../present/common.ts'
import { presentPull } from '../present/pull.ts'
import type { Deployment, Repository } from '../state.ts'
import { apiUrlOf, fullNameOf, pullNumbered, type World } from '../world.ts'

/** The workflow fields of a deployment's webhooks: null unless GitHub Actions made it. */
export function workflowOf(world: World, repository: Repository, deployment: Deployment) {
  if (!deployment.workflowRun) return { workflow: null, workflow_run: null }
  const path = '.github/workflows/deploy.yml'
  const workflowUrl = apiUrlOf(world, repository, `/actions/workflows/${deployment.id}`)
  const runUrl = apiUrlOf(world, repository, `/actions/runs/${deployment.id}`)
  const dates = { created_at: isoSeconds(deployment.at), updated_at: isoSeconds(deployment.at) }
  return {
    workflow: {
      id: deployment.id,
      name: 'Deploy',
      path,
      state: 'active',
      url: workflowUrl,
      html_url: `${world.url}/${fullNameOf(repository)}/blob/${repository.defaultBranch}/${path}`,
      ...dates,
    },
    workflow_run: {
      id: deployment.id,
      name: 'Deploy',
      path,
      head_branch: repository.defaultBranch,
      head_sha: deployment.sha,
      run_number: 1,
      run_attempt: 1,
      event: 'push',
      status: 'in_progress',
      conclusion: null,
      workflow_id: deployment.id,
      url: runUrl,
      html_url: `${world.url}/${fullNameOf(repository)}/actions/runs/${deployment.id}`,
      actor: presentUser(world, deployment.creator),
      pull_requests: [],
      ...dates,
    },
  }
}

/** A pull request seen as the issue that its comments hang on. */
export function issueOf(world: World, repository: Repository, number: number) {
  const pull = pullNumbered(repository, number)
  const shown = presentPull(world, repository, pull)
  return {
    url: shown.issue_url,
    repository_url: apiUrlOf(world, repository),
    labels_url: `${shown.issue_url}/labels{/name}`,
    comments_url: shown.comments_url,
    events_url: `${shown.issue_url}/events`,
    html_url: shown.html_url,
    id: pull.id,
    node_id: shown.node_id,
    number,
    title: pull.title,
    user: shown.user,
    labels: shown.labels,
    state: pull.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: repository.comments.filter((comment) => comment.number === number).length,
    created_at: shown.created_at,
    updated_at: shown.updated_at,
    closed_at: shown.closed_at,
    author_association: shown.author_association,
    active_lock_reason: null,
    draft: pull.draft,
    pull_request: {
      url: shown.url,
      html_url: shown.html_url,
      diff_url: shown.diff_url,
      patch_url: shown.patch_url,
      merged_at: shown.merged_at,
    },
    body: pull.body,
  }
}
