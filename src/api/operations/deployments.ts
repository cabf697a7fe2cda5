import type { ApiApp } from '../../openapi/schemas.ts'
import { name, number } from '../body.ts'
import { endedSchema } from '../schema/operation.ts'
import { actorOf, doneOf } from './answer.ts'
import { askedResponse, tellAsked } from './asked.ts'
import type { OperationRouteOptions } from './options.ts'
import { onDeployment, reasonBody, wishOf } from './which.ts'

const cancelled = {
  ...onDeployment,
  operationId: 'cancelDeployment',
  summary: 'Ends a deployment, whether it waits or runs',
  response: { 200: endedSchema },
}

const retried = {
  ...onDeployment,
  operationId: 'retryDeployment',
  summary: 'Deploys again what failed or was cancelled',
  response: askedResponse,
}

const rolledBack = {
  ...onDeployment,
  operationId: 'rollBackDeployment',
  summary: 'Deploys what worked before a deployment',
  body: reasonBody.extend({
    to: number.optional().meta({ description: 'The earlier success to go back to; else the last' }),
  }),
  response: askedResponse,
}

const promoted = {
  ...onDeployment,
  operationId: 'promoteDeployment',
  summary: 'Deploys the same commit to another environment',
  body: reasonBody.extend({
    environment: name.optional().meta({ description: 'Where to; else the one that comes after' }),
  }),
  response: askedResponse,
  refusals: [409, 422],
}

const config = { role: 'deployer' } as const

/** `POST /api/deployments/{owner}/{repo}/{id}/...`: what people do to a deployment. */
export async function deploymentOperations(app: ApiApp, { operations }: OperationRouteOptions) {
  const one = '/deployments/:owner/:repo/:id'
  app.post(`${one}/cancel`, { config, schema: cancelled }, async (request) =>
    doneOf(await operations.cancel(actorOf(request), wishOf(request))),
  )
  app.post(`${one}/retry`, { config, schema: retried }, async (request, reply) =>
    tellAsked(reply, await operations.retry(actorOf(request), wishOf(request))),
  )
  app.post(`${one}/rollback`, { config, schema: rolledBack }, async (request, reply) =>
    tellAsked(reply, await operations.rollBack(actorOf(request), wishOf(request))),
  )
  app.post(`${one}/promote`, { config, schema: promoted }, async (request, reply) =>
    tellAsked(reply, await operations.promote(actorOf(request), wishOf(request))),
  )
}
