import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../refusal.ts'

/** A hook that lets only those in who know the admin token; nobody keeps what they were told. @throws {Refusal} 403 if there is none, else 401 */
export function requireAdmin(adminToken: string | undefined) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.header('Cache-Control', 'no-store')
    if (adminToken === undefined) {
      throw new Refusal(
        403,
        'The API is closed: set ADMIN_TOKEN to a long random text (openssl rand -hex 32) and restart the receiver.',
      )
    }
    const given = /^Bearer +(.*\S)/i.exec(request.headers.authorization ?? '')?.[1]
    if (given !== undefined && isSame(given, adminToken)) return
    reply.header('WWW-Authenticate', 'Bearer')
    throw new Refusal(
      401,
      given === undefined
        ? 'Send the header "Authorization: Bearer ADMIN_TOKEN".'
        : 'This is not the token in ADMIN_TOKEN.',
    )
  }
}

/** Compares in constant time, whatever the lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
