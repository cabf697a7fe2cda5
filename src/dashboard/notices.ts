import { randomBytes } from 'node:crypto'
import type {} from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Redis } from '../redis/redis.ts'

/** What has just happened, or why it has not. */
export interface Notice {
  kind: 'done' | 'refused'
  text: string
}

/**
 * What is told on the page that somebody is sent to next, once. The text lies in Redis; the browser has only its number, so
 * that nobody can make up what a page of ours says.
 */
export interface Notices {
  leave(reply: FastifyReply, notice: Notice): Promise<void>
  take(request: FastifyRequest, reply: FastifyReply): Promise<Notice | undefined>
}

const cookie = 'livraison_notice'
const keptSeconds = 300

/** Opens the notices in Redis; `isSecure` if people reach us behind https. */
export function openNotices(redis: Redis, prefix: string, isSecure: boolean): Notices {
  const keyOf = (id: string) => `${prefix}:notice:${id}`
  return {
    async leave(reply, notice) {
      const id = randomBytes(16).toString('hex')
      await redis.set(keyOf(id), JSON.stringify(notice), 'EX', keptSeconds)
      reply.setCookie(cookie, id, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: isSecure,
        maxAge: keptSeconds,
      })
    },

    async take(request, reply) {
      const id = request.cookies?.[cookie]
      if (id === undefined) return undefined
      reply.clearCookie(cookie, { path: '/' })
      const text = /^[0-9a-f]{32}$/.test(id) ? await redis.getdel(keyOf(id)) : null
      return text === null ? undefined : (JSON.parse(text) as Notice)
    },
  }
}
