import { z } from 'zod'
import type { Freeze } from '../../locks/freezes.ts'
import type { ApiApp } from '../../openapi/schemas.ts'
import type { Answer } from '../../operations/answer.ts'
import { moment, name, repository, words } from '../body.ts'
import { presentFreeze } from '../present-hold.ts'
import { frozenSchema } from '../schema/operation.ts'
import { freezeSchema } from '../schema/place.ts'
import { actorOf, doneOf } from './answer.ts'
import type { OperationRouteOptions } from './options.ts'

const whoMay = 'Needs the role approver in the repository, and admin for a freeze of everything.'

const listed = {
  operationId: 'listFreezes',
  tags: ['locks'],
  summary: 'The freezes that people declared and that are not over',
  response: { 200: z.object({ freezes: z.array(freezeSchema) }) },
}

const declared = {
  operationId: 'declareFreeze',
  tags: ['locks'],
  summary: 'Declares a time in which nothing begins to be deployed',
  description: whoMay,
  body: z.strictObject({
    repository: repository.optional().meta({ description: 'Else everything' }),
    environment: name.optional().meta({ description: 'Else the whole repository' }),
    from: moment.optional().meta({ description: 'When it begins; else now' }),
    until: moment,
    reason: words,
  }),
  response: { 201: frozenSchema },
  refusals: [404, 422],
}

const ended = {
  operationId: 'endFreeze',
  tags: ['locks'],
  summary: 'Ends a freeze; what it held back goes on',
  description: whoMay,
  params: z.object({ id: z.string().meta({ description: "The freeze's id" }) }),
  response: { 200: frozenSchema },
}

const config = { role: 'signed-in' } as const

/** The freezes that people declare. */
export async function freezeRoutes(app: ApiApp, { operations, parts }: OperationRouteOptions) {
  app.get('/freezes', { config: { role: 'viewer' }, schema: listed }, async () => ({
    freezes: (await parts.freezes.all()).map(presentFreeze),
  }))

  app.post('/freezes', { config, schema: declared }, async (request, reply) => {
    reply.code(201)
    return presentFrozen(await operations.freeze(actorOf(request), request.body))
  })

  app.delete('/freezes/:id', { config, schema: ended }, async (request) =>
    presentFrozen(await operations.thaw(actorOf(request), request.params)),
  )
}

function presentFrozen(answer: Answer<{ freeze: Freeze }>) {
  const { freeze, ...done } = doneOf(answer)
  return { ...done, freeze: presentFreeze(freeze) }
}
