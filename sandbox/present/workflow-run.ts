import type { EnvironmentRule, Repository, WorkflowRun } from '../state.ts'
import { apiUrlOf, fullNameOf, type World } from '../world.ts'
import { isoSeconds, nodeId, presentUser } from './common.ts'
import { presentRepository } from './repository.ts'

export function presentWorkflowRun(world: World, repository: Repository, run: WorkflowRun) {
  const url = apiUrlOf(world, repository, `/actions/runs/${run.id}`)
  const shown = presentRepository(world, repository)
  const person = { name: run.actor.login, email: `${run.actor.login}@users.noreply.sandbox.test` }
  return {
    id: run.id,
    name: 'Deploy',
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.branch,
    head_sha: run.sha,
    path: '.github/workflows/deploy.yml',
    display_title: 'Deploy',
    run_number: 1,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: repository.id,
    check_suite_id: run.suite.id,
    check_suite_node_id: nodeId('CheckSuite', run.suite.id),
    url,
    html_url: `${world.url}/${fullNameOf(repository)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: isoSeconds(run.at),
    updated_at: isoSeconds(run.updatedAt),
    run_started_at: isoSeconds(run.at),
    actor: presentUser(world, run.actor),
    triggering_actor: presentUser(world, run.triggeredBy),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: apiUrlOf(world, repository, `/check-suites/${run.suite.id}`),
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: apiUrlOf(world, repository, `/actions/workflows/${repository.id}`),
    head_commit: {
      ...{ id: run.sha, tree_id: run.sha, message: '', timestamp: isoSeconds(run.at) },
      author: person,
      committer: person,
    },
    repository: shown,
    head_repository: shown,
  }
}

/** An environment that a run waits for, as GitHub lists it. */
export function presentPending(world: World, repository: Repository, run: WorkflowRun) {
  const rule = repository.environmentRules.get(run.environment.toLowerCase())
  return {
    environment: {
      id: rule?.id ?? 0,
      node_id: nodeId('Environment', rule?.id ?? 0),
      name: rule?.name ?? run.environment,
      url: apiUrlOf(world, repository, `/environments/${encodeURIComponent(run.environment)}`),
      html_url: `${world.url}/${fullNameOf(repository)}/deployments`,
    },
    wait_timer: 0,
    wait_timer_started_at: null,
    current_user_can_approve: false,
    reviewers: [],
  }
}

/** The rule of the app that the token stands for. */
export function presentCustomRule(world: World, { id }: EnvironmentRule) {
  return {
    id,
    node_id: nodeId('Gate', id),
    enabled: true,
    app: {
      id: 1,
      slug: 'livraison',
      integration_url: `${world.apiUrl}/apps/livraison`,
      node_id: nodeId('App', 1),
    },
  }
}
