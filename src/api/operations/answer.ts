import { STATUS_CODES } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../../access/actor.ts'
import type { Answer, RefusalCode } from '../../operations/answer.ts'
import { Refusal } from '../../refusal.ts'

/** What each reason not to do something is in HTTP. */
export const statusOf: Record<RefusalCode, number> = {
  forbidden: 403,
  unknown: 404,
  conflict: 409,
  invalid: 422,
  unavailable: 503,
}

/** Sends the answer to an operation: as it is, or, where it was refused, in the shape of all errors. */
export function sendAnswer<T extends object>(reply: FastifyReply, answer: Answer<T>, done = 200) {
  if (answer.outcome === 'done') return reply.code(done).send(answer)
  const statusCode = statusOf[answer.code]
  if (statusCode === 503) reply.header('Retry-After', 10)
  return reply.code(statusCode).send({ statusCode, error: STATUS_CODES[statusCode], message: answer.reason })
}

/** Who asks. @throws {Refusal} 401 if nobody has signed in */
export function actorOf({ actor }: FastifyRequest): Actor {
  if (actor) return actor
  throw new Refusal(401, 'Nobody has signed in.')
}
