import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { openBodyBudget, shortSizes } from '../bodies/budget.ts'
import { bytesOf, createReadBytes } from '../bodies/read-bytes.ts'
import { messageOf } from '../errors/errors.ts'
import { Refusal } from '../errors/refusal.ts'
import { within } from '../within.ts'
import { readTelling, tellingSchema } from './body.ts'
import type { Callbacks, Taken } from './callbacks.ts'

const bodyLimit = 64 * 1024
const redisLimitMs = 1900
const retryAfterSeconds = 5

const schema = {
  operationId: 'tellOfDeployment',
  tags: ['machines'],
  summary: 'Tells how a deployment went, for whoever was called to do it',
  refusals: [409, 413, 429, 503],
  documented: {
    params: z.object({
      id: z.string().meta({ description: "The deployment's number", pattern: '^[0-9]{1,15}$' }),
      token: z.string().meta({ description: 'The secret that the caller was given with the address' }),
    }),
    body: tellingSchema,
    response: {
      202: z.object({
        outcome: z.literal('taken'),
        deployment: z.int(),
        state: tellingSchema.shape.state,
      }),
    },
  },
}

/**
 * `POST /callbacks/{deployment}/{token}`: whoever was asked to do a deployment, with `callback` in its environment, tells how
 * it went. The address is the secret: what is wrong with one that is not known is not said.
 */
export async function callbackRoute(app: FastifyInstance, { callbacks }: { callbacks: Callbacks }) {
  // Many clients send what they like as their type, curl among them.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', createReadBytes(bodyLimit, openBodyBudget(shortSizes)))

  app.post<{ Params: { id: string; token: string } }>(
    '/callbacks/:id/:token',
    { bodyLimit, config: { role: 'anybody' }, schema },
    async (request, reply) => {
      const { id, token } = request.params
      if (!/^\d{1,15}$/.test(id)) throw refusalOf('unknown')
      const telling = readTelling(bytesOf(request))
      const deployment = Number(id)
      let taken: Taken
      try {
        taken = await within(
          redisLimitMs,
          callbacks.take(deployment, token, telling),
          'Redis does not answer.',
        )
      } catch (error) {
        request.log.warn(
          { deployment, reason: messageOf(error) },
          'what was told of a deployment was not kept',
        )
        throw new Refusal(503, 'It cannot be kept now: tell it again in a while.', { retryAfterSeconds })
      }
      if (taken !== 'taken') throw refusalOf(taken)
      const state = telling.outcome?.state ?? 'in_progress'
      request.log.info({ deployment, state }, 'was told of a deployment')
      return reply.code(202).send({ outcome: 'taken', deployment, state })
    },
  )
}

function refusalOf(taken: Exclude<Taken, 'taken'>): Refusal {
  switch (taken) {
    case 'unknown':
      return new Refusal(
        404,
        'There is no deployment that waits for this call: is the address whole, and of this server?',
      )
    case 'told':
      return new Refusal(409, 'How it went has been told already.')
    case 'over':
      return new Refusal(409, 'The deployment is over: it was not waited any longer.')
    case 'full':
      return new Refusal(429, 'Its log cannot follow: tell it again in a while.', { retryAfterSeconds })
  }
}
