import '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The cookie that holds a session's id. */
export interface SessionCookie {
  read(request: FastifyRequest): string | undefined
  set(reply: FastifyReply, id: string): void
  clear(reply: FastifyReply): void
}

/**
 * Behind https its name begins with `__Host-`: such a cookie is taken by browsers only from this very host, and only over https.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
export function sessionCookie(publicUrl: string, longestMs: number): SessionCookie {
  const secure = publicUrl.startsWith('https:')
  const name = secure ? '__Host-livraison_session' : 'livraison_session'
  const options = { httpOnly: true, sameSite: 'lax', secure, path: '/' } as const
  return {
    read: (request) => request.cookies[name],
    set: (reply, id) => void reply.setCookie(name, id, { ...options, maxAge: longestMs / 1000 }),
    clear: (reply) => void reply.clearCookie(name, options),
  }
}
