import type { ApiApp } from '../../openapi/schemas.ts'
import { presentApproval } from '../present-hold.ts'
import { approvedSchema, endedSchema, overriddenSchema } from '../schema/operation.ts'
import { actorOf, doneOf } from './answer.ts'
import type { OperationRouteOptions } from './options.ts'
import { onDeployment, wishOf } from './which.ts'

const whoMay = 'For whoever the rules of its environment name, else for the role approver.'

const approved = {
  ...onDeployment,
  operationId: 'approveDeployment',
  summary: 'Agrees to a deployment that waits for approvals',
  description: whoMay,
  response: { 200: approvedSchema },
}

const rejected = {
  ...onDeployment,
  operationId: 'rejectDeployment',
  summary: 'Refuses a deployment that waits for approvals: it ends',
  description: whoMay,
  response: { 200: endedSchema },
}

const overridden = {
  ...onDeployment,
  operationId: 'overrideDeployment',
  summary: 'Lets a deployment that waits pass soft locks, windows and freezes; needs a reason',
  response: { 200: overriddenSchema },
  refusals: [409, 422],
}

/** `POST /api/deployments/{owner}/{repo}/{id}/...`: what people say of a deployment that waits. */
export async function verdictRoutes(app: ApiApp, { operations }: OperationRouteOptions) {
  const one = '/deployments/:owner/:repo/:id'
  // Whoever the rules of the environment name, whatever their role.
  const anyRole = { role: 'viewer' } as const
  app.post(`${one}/approve`, { config: anyRole, schema: approved }, async (request) => {
    const { approvals, ...answer } = doneOf(await operations.approve(actorOf(request), wishOf(request)))
    return { ...answer, approvals: approvals.map(presentApproval) }
  })
  app.post(`${one}/reject`, { config: anyRole, schema: rejected }, async (request) =>
    doneOf(await operations.reject(actorOf(request), wishOf(request))),
  )
  app.post(`${one}/override`, { config: { role: 'approver' }, schema: overridden }, async (request) =>
    doneOf(await operations.override(actorOf(request), wishOf(request))),
  )
}
