import {
  createDeployment,
  createDeploymentStatus,
  type DeploymentRequest,
  type DeploymentStatusRequest,
} from '../acts/deployments.ts'
import type { Handler } from '../api.ts'
import { presentDeployment, presentDeploymentStatus } from '../present/deployment.ts'
import { Refusal } from '../refusal.ts'
import { answerPage, bodyOf, byId, created, deploymentOf, filterOf, ok, repositoryOf } from './call.ts'

export const deployments: Record<string, Handler> = {
  'repos/create-deployment': async (call) => {
    const repository = repositoryOf(call)
    const made = await createDeployment(call.world, repository, call.user, bodyOf<DeploymentRequest>(call))
    if ('message' in made) return { status: 202, body: made }
    return created(presentDeployment(call.world, repository, made))
  },

  'repos/list-deployments': (call) => {
    const repository = repositoryOf(call)
    const filters = ['sha', 'ref', 'task', 'environment'] as const
    const fitting = repository.deployments.filter((deployment) =>
      filters.every((name) => {
        const wanted = filterOf(call, name)
        return wanted === undefined || deployment[name] === wanted
      }),
    )
    return answerPage(call, fitting.reverse(), (each) => presentDeployment(call.world, repository, each))
  },

  'repos/get-deployment': (call) => {
    const repository = repositoryOf(call)
    return ok(presentDeployment(call.world, repository, deploymentOf(call, repository)))
  },

  'repos/delete-deployment': (call) => {
    const repository = repositoryOf(call)
    const deployment = deploymentOf(call, repository)
    const active = deployment.statuses.at(-1)?.state !== 'inactive'
    if (active && repository.deployments.length > 1) {
      throw new Refusal(
        422,
        'We cannot delete an active deployment unless it is the only deployment in a given environment.',
      )
    }
    repository.deployments.splice(repository.deployments.indexOf(deployment), 1)
    return { status: 204 }
  },

  'repos/create-deployment-status': (call) => {
    const repository = repositoryOf(call)
    const deployment = deploymentOf(call, repository)
    const request = bodyOf<DeploymentStatusRequest>(call)
    const status = createDeploymentStatus(call.world, repository, call.user, deployment, request)
    return created(presentDeploymentStatus(call.world, repository, deployment, status))
  },

  'repos/list-deployment-statuses': (call) => {
    const repository = repositoryOf(call)
    const deployment = deploymentOf(call, repository)
    const newestFirst = [...deployment.statuses].reverse()
    return answerPage(call, newestFirst, (status) =>
      presentDeploymentStatus(call.world, repository, deployment, status),
    )
  },

  'repos/get-deployment-status': (call) => {
    const repository = repositoryOf(call)
    const deployment = deploymentOf(call, repository)
    const status = byId(deployment.statuses, call.params.status_id)
    return ok(presentDeploymentStatus(call.world, repository, deployment, status))
  },
}
