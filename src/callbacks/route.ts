import type { FastifyInstance, FastifyReply } from 'fastify'
import { messageOf } from '../errors.ts'
import { within } from '../within.ts'
import { readTelling } from './body.ts'
import type { Callbacks, Taken } from './callbacks.ts'

const bodyLimit = 64 * 1024
const redisLimitMs = 1900
const retrySeconds = 5

/**
 * `POST /callbacks/{deployment}/{token}`: whoever was asked to do a deployment, with `callback` in its environment, tells how
 * it went. The address is the secret: what is wrong with one that is not known is not said.
 */
export async function callbackRoute(app: FastifyInstance, { callbacks }: { callbacks: Callbacks }) {
  // Many clients send what they like as their type, curl among them.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body))

  app.post<{ Params: { id: string; token: string } }>(
    '/callbacks/:id/:token',
    { bodyLimit, config: { role: 'anybody' } },
    async (request, reply) => {
      const { id, token } = request.params
      if (!/^\d{1,15}$/.test(id)) return refuse(reply, 'unknown')
      const telling = readTelling(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0))
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
        return later(reply, 503, 'Service Unavailable', 'It cannot be kept now: tell it again in a while.')
      }
      if (taken !== 'taken') return refuse(reply, taken)
      const state = telling.outcome?.state ?? 'in_progress'
      request.log.info({ deployment, state }, 'was told of a deployment')
      return reply.code(202).send({ outcome: 'taken', deployment, state })
    },
  )
}

function refuse(reply: FastifyReply, taken: Exclude<Taken, 'taken'>) {
  switch (taken) {
    case 'unknown': {
      const message =
        'There is no deployment that waits for this call: is the address whole, and of this server?'
      return reply.code(404).send({ statusCode: 404, error: 'Not Found', message })
    }
    case 'told':
    case 'over': {
      const message =
        taken === 'told'
          ? 'How it went has been told already.'
          : 'The deployment is over: it was not waited any longer.'
      return reply.code(409).send({ statusCode: 409, error: 'Conflict', message })
    }
    case 'full':
      return later(reply, 429, 'Too Many Requests', 'Its log cannot follow: tell it again in a while.')
  }
}

function later(reply: FastifyReply, statusCode: number, error: string, message: string) {
  return reply.code(statusCode).header('Retry-After', retrySeconds).send({ statusCode, error, message })
}
