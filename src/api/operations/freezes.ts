import type { FastifyInstance } from 'fastify'
import { actorOf, sendAnswer } from './answer.ts'
import { moment, name, readBody, repositoryName, words } from './body.ts'
import type { OperationRouteOptions } from './options.ts'

const freezeBody = {
  repository: repositoryName.optional(),
  environment: name.optional(),
  from: moment.optional(),
  until: moment,
  reason: words,
}

/** The freezes that people declare. */
export async function freezeRoutes(app: FastifyInstance, { operations, parts }: OperationRouteOptions) {
  app.get('/freezes', { config: { role: 'viewer' } }, async () => ({ freezes: await parts.freezes.all() }))

  app.post('/freezes', { config: { role: 'signed-in' } }, async (request, reply) =>
    sendAnswer(reply, await operations.freeze(actorOf(request), readBody(freezeBody, request.body)), 201),
  )

  app.delete<{ Params: { id: string } }>(
    '/freezes/:id',
    { config: { role: 'signed-in' } },
    async (request, reply) =>
      sendAnswer(reply, await operations.thaw(actorOf(request), { id: request.params.id })),
  )
}
