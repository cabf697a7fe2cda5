import { z } from 'zod'
import type { ApiApp } from '../../openapi/schemas.ts'
import { replayedSchema } from '../schema/operation.ts'
import { ofDelivery } from '../schema/terms.ts'
import { actorOf, doneOf } from './answer.ts'
import type { OperationRouteOptions } from './options.ts'

const schema = {
  operationId: 'replayDelivery',
  tags: ['deliveries'],
  summary: 'Has GitHub send a delivery once more',
  description: 'Needs the role deployer in the repository that it is of.',
  params: ofDelivery,
  body: z.strictObject({}),
  response: { 202: replayedSchema },
}

/** `POST /api/deliveries/{guid}/replay`: GitHub sends a delivery once more. */
export async function replayRoute(app: ApiApp, { operations }: OperationRouteOptions) {
  app.post('/deliveries/:guid/replay', { config: { role: 'signed-in' }, schema }, async (request, reply) => {
    reply.code(202)
    return doneOf(await operations.replay(actorOf(request), { delivery: request.params.guid }))
  })
}
