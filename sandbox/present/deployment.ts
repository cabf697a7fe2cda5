import type { Deployment, DeploymentStatus, Repository } from '../state.ts'
import { apiUrlOf, type World } from '../world.ts'
import { isoSeconds, nodeId, presentApp, presentUser } from './common.ts'

export function presentDeployment(world: World, repository: Repository, deployment: Deployment) {
  const url = apiUrlOf(world, repository, `/deployments/${deployment.id}`)
  return {
    url,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    creator: presentUser(world, deployment.creator),
    created_at: isoSeconds(deployment.at),
    updated_at: isoSeconds(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: apiUrlOf(world, repository),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: presentApp(world, deployment.app),
  }
}

export function presentDeploymentStatus(
  world: World,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
) {
  const deploymentUrl = apiUrlOf(world, repository, `/deployments/${deployment.id}`)
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: presentUser(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: isoSeconds(status.at),
    updated_at: isoSeconds(status.at),
    deployment_url: deploymentUrl,
    repository_url: apiUrlOf(world, repository),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  }
}
