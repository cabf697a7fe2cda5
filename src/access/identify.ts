import type { FastifyRequest } from 'fastify'
import type { Actor } from './actor.ts'
import { type Attempts, openAttempts } from './attempts.ts'
import { addressOf } from './caller-address.ts'
import type { SessionCookie } from './cookie.ts'
import { isSame } from './digests.ts'
import type { Identity } from './identity.ts'
import { secretPrefix } from './tokens.ts'

/** Who sent a request: somebody; or why it is nobody. */
export type Caller =
  | { actor: Actor; session?: string }
  | { actor?: undefined; reason: 'none' | 'wrong' }
  | { actor?: undefined; reason: 'blocked'; leftMs: number }

export type Identify = (request: FastifyRequest) => Promise<Caller>

/** Somebody whose script has an old token may go on for a while; whoever tries tokens out may not. */
const mostWrongTokens = 100

/** Finds out who sent a request: by the token in `Authorization`, else by the session in its cookie. */
export function createIdentify(identity: Identity, cookie: SessionCookie): Identify {
  const attempts = openAttempts(identity.redis, identity.prefix, 'bearer', mostWrongTokens)
  return async (request) => {
    const bearer = /^Bearer +(.*\S)/i.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined) return ofBearer(identity, attempts, request, bearer)
    const id = cookie.read(request)
    const who = id === undefined ? undefined : await identity.sessions.find(id)
    if (id === undefined || who === undefined) return { reason: 'none' }
    return { actor: { ...who, face: 'dashboard' }, session: id }
  }
}

/** Who guesses ADMIN_TOKEN is stopped by their address; the tokens that we make cannot be guessed, and go on working from there. */
async function ofBearer(
  { tokens, adminToken }: Identity,
  attempts: Attempts,
  request: FastifyRequest,
  bearer: string,
): Promise<Caller> {
  const face = /^livraison-cli\//.test(request.headers['user-agent'] ?? '') ? 'cli' : 'api'
  if (bearer.startsWith(secretPrefix)) {
    const token = await tokens.find(bearer)
    if (token === undefined) return { reason: 'wrong' }
    return { actor: { kind: 'token', name: token.name, tokenId: token.id, face } }
  }
  const leftMs = await attempts.blockedForMs(addressOf(request))
  if (leftMs > 0) return { reason: 'blocked', leftMs }
  if (adminToken !== undefined && isSame(bearer, adminToken)) {
    return { actor: { kind: 'admin', name: 'ADMIN_TOKEN', face } }
  }
  await attempts.count(addressOf(request))
  return { reason: 'wrong' }
}
