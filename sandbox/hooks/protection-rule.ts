import { presentDeployment } from '../present/deployment.ts'
import type { Repository, WorkflowRun } from '../state.ts'
import { apiUrlOf, type World } from '../world.ts'
import { announce } from './announce.ts'

/** Asks the app whose rule it is whether a run may deploy. At GitHub, only apps can hear of it. */
export function announceProtectionRule(world: World, repository: Repository, run: WorkflowRun): void {
  announce(world, repository, run.triggeredBy, 'deployment_protection_rule', () => ({
    action: 'requested',
    environment: run.environment,
    event: run.event,
    sha: run.sha,
    ref: `refs/heads/${run.branch}`,
    deployment_callback_url: apiUrlOf(
      world,
      repository,
      `/actions/runs/${run.id}/deployment_protection_rule`,
    ),
    deployment: presentDeployment(world, repository, run.deployment),
    pull_requests: [],
    installation: { id: 1, node_id: 'MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uMQ==' },
  }))
}
