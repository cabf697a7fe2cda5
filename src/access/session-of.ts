import type { FastifyRequest } from 'fastify'
import { isSame, keyedDigest } from './digests.ts'

/** The ids of the sessions that requests came with: kept beside them, so that nothing that shows a request shows one. */
const ids = new WeakMap<FastifyRequest, string>()

export function setSessionOf(request: FastifyRequest, id: string): void {
  ids.set(request, id)
}

/** The id of the session that a request came with; undefined where there is none. */
export function sessionOf(request: FastifyRequest): string | undefined {
  return ids.get(request)
}

/**
 * What each form of a page carries in a hidden field `_csrf`, and a script sends as `x-csrf-token`: only our own pages know it.
 * It belongs to the session, and tells nothing of it. Empty where there is no session.
 */
export function csrfTokenOf(request: FastifyRequest): string {
  const id = ids.get(request)
  return id === undefined ? '' : keyedDigest(id, 'csrf')
}

/** Whether a request of a session carries its token: in the header, or in a field of its form, which is taken out. */
export function hasCsrfToken(request: FastifyRequest): boolean {
  const given = request.headers['x-csrf-token'] ?? takeField(request.body)
  const expected = csrfTokenOf(request)
  return expected !== '' && typeof given === 'string' && isSame(given, expected)
}

function takeField(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('_csrf' in body)) return undefined
  const { _csrf } = body
  delete body._csrf
  return _csrf
}
