import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isRedisAway, redisIsAway } from '../redis/away.ts'
import { Unavailable } from '../webhook/unavailable.ts'
import { Refusal } from './refusal.ts'

/** What is said of every error: Fastify's shape, without a stack. */
export interface ErrorAnswer {
  statusCode: number
  error: string
  message: string
}

/** When whoever was told 503 may ask again, if nothing better is known. */
const retryAfterSeconds = 10

/** The body of an error's answer. Pure. */
export function errorAnswer(statusCode: number, message: string): ErrorAnswer {
  return { statusCode, error: STATUS_CODES[statusCode] ?? 'Error', message }
}

/** Answers for a path where nothing is. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply) {
  const message = `There is nothing at ${request.method} ${pathOf(request)}.`
  return reply.code(404).send(errorAnswer(404, message))
}

/** The path of a request, without its query. */
export function pathOf({ url }: FastifyRequest): string {
  return url.split('?')[0] ?? url
}

/** Answers whatever was thrown, without the inside of what is our own fault: that is in the log. */
export function answerError(thrown: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const error = thrown.statusCode === undefined && isRedisAway(thrown) ? redisIsAway() : thrown
  const statusCode = error.statusCode ?? 500
  if (error instanceof Unavailable) {
    request.log.warn({ reason: error.message }, 'a delivery could not be queued')
  } else if (statusCode >= 500 && !(error instanceof Refusal)) {
    request.log.error({ err: error }, 'a request failed unexpectedly')
  }
  const retryAfter = 'retryAfterSeconds' in error ? error.retryAfterSeconds : undefined
  if (statusCode === 503 || retryAfter !== undefined) {
    reply.header('Retry-After', retryAfter ?? retryAfterSeconds)
  }
  const message = statusCode === 500 ? 'Something went wrong here; the log has the details.' : error.message
  return reply.code(statusCode).send(errorAnswer(statusCode, message))
}
