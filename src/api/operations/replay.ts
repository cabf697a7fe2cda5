import type { FastifyInstance } from 'fastify'
import { actorOf, sendAnswer } from './answer.ts'
import { readBody } from './body.ts'
import type { OperationRouteOptions } from './options.ts'

/** `POST /api/deliveries/{guid}/replay`: GitHub sends a delivery once more. */
export async function replayRoute(app: FastifyInstance, { operations }: OperationRouteOptions) {
  app.post<{ Params: { guid: string } }>(
    '/deliveries/:guid/replay',
    { config: { role: 'signed-in' } },
    async (request, reply) => {
      readBody({}, request.body)
      const { guid } = request.params
      return sendAnswer(reply, await operations.replay(actorOf(request), { delivery: guid }), 202)
    },
  )
}
