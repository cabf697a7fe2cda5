import type { FastifyRequest } from 'fastify'
import { csrfTokenOf } from '../access/session-of.ts'

/** The token that the forms of a page send along; undefined where nobody has signed in. */
export function csrfToken(request: FastifyRequest): string | undefined {
  return csrfTokenOf(request) || undefined
}
