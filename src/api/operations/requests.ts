import { z } from 'zod'
import { isEnough } from '../../access/role.ts'
import { Refusal } from '../../errors/refusal.ts'
import type { ApiApp } from '../../openapi/schemas.ts'
import type { DeploymentRequest } from '../../operations/requests.ts'
import { isoTime } from '../present-deployment.ts'
import { type PresentedRequest, requestSchema } from '../schema/operation.ts'
import { actorOf } from './answer.ts'
import type { OperationRouteOptions } from './options.ts'

const schema = {
  operationId: 'getRequest',
  tags: ['deployments'],
  summary: 'What became of a wish for a deployment',
  params: z.object({ id: z.string().meta({ description: "The request's id" }) }),
  response: { 200: requestSchema },
}

/** `GET /api/requests/{id}`: what became of a wish for a deployment. */
export async function requestRoute(app: ApiApp, { parts }: OperationRouteOptions) {
  const { requests, access, repositories } = parts
  app.get('/requests/:id', { config: { role: 'signed-in' }, schema }, async (request) => {
    const { id } = request.params
    const found = await requests.read(id)
    const name = found && ((await repositories.nameOf(found.repositoryId)) ?? found.repository)
    // Whoever may not see the repository is not told that there is one.
    if (found && name && isEnough(await access.roleOf(actorOf(request), name), 'viewer')) {
      return presentRequest(found, name)
    }
    throw new Refusal(404, `Livraison knows no request ${id}.`)
  })
}

/** A request as the API gives it. Pure; `repository` is the `owner/name` that its repository has now. */
function presentRequest(request: DeploymentRequest, repository: string): PresentedRequest {
  const { id, by, face, repositoryId, environment, sha, force } = request
  return {
    ...{ id, by, face, repository, repositoryId, environment, sha, force },
    ref: request.ref ?? null,
    reason: request.reason ?? null,
    askedAt: isoTime(request.at),
    deployment: request.deployment ?? null,
    refused: request.refused ?? null,
    waitsFor: request.waitsFor ?? null,
  }
}
