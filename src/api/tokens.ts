import type { FastifyInstance } from 'fastify'
import type { Actor } from '../access/actor.ts'
import { createToken, revokeToken } from '../access/manage-tokens.ts'
import type { ApiToken } from '../access/tokens.ts'
import type { RefusalCode } from '../operations/answer.ts'
import { Refusal } from '../refusal.ts'
import { isoTime } from './present-deployment.ts'
import { readQuery, repositoryName } from './query.ts'
import type { Sources } from './sources.ts'

const admin = { config: { role: 'admin' } } as const
const meQuery = { repository: repositoryName.optional() }

/** `GET /api/me`: who calls. `GET` and `POST /api/tokens`, `DELETE /api/tokens/{id}`: tokens for machines. */
export async function tokenRoutes(app: FastifyInstance, { identity, audit }: Sources) {
  const { tokens, access } = identity

  app.get('/me', { config: { role: 'signed-in' } }, async (request) => {
    const { repository } = readQuery(meQuery, request.query)
    const actor = whoOf(request)
    const token = actor.tokenId === undefined ? undefined : await tokens.read(actor.tokenId)
    return {
      kind: actor.kind,
      name: actor.name,
      face: actor.face,
      repository: repository ?? null,
      role: (await access.roleOf(actor, repository)) ?? null,
      token: token === undefined ? null : presentToken(token),
    }
  })

  app.get('/tokens', admin, async () => ({ tokens: (await tokens.list()).map(presentToken) }))

  app.post('/tokens', admin, async (request, reply) => {
    const answer = await createToken({ tokens, audit }, whoOf(request), request.body)
    if (answer.outcome === 'refused') throw refusal(answer)
    reply.code(201)
    return { ...presentToken(answer.token), secret: answer.secret, text: answer.text }
  })

  app.delete<{ Params: { id: string } }>('/tokens/:id', admin, async (request) => {
    const answer = await revokeToken({ tokens, audit }, whoOf(request), request.params.id)
    if (answer.outcome === 'refused') throw refusal(answer)
    return { ...presentToken(answer.token), text: answer.text }
  })
}

/** Who calls a route that nobody else may call. */
function whoOf({ actor }: { actor: Actor | null }): Actor {
  if (actor === null) throw new Error('a route was reached that needs a role, by nobody')
  return actor
}

const statusOf: Record<RefusalCode, number> = {
  forbidden: 403,
  unknown: 404,
  conflict: 409,
  invalid: 422,
  unavailable: 503,
}

function refusal({ code, reason }: { code: RefusalCode; reason: string }): Refusal {
  return new Refusal(statusOf[code], reason)
}

/** A token as the API gives it: never its secret. */
export function presentToken(token: ApiToken) {
  return {
    id: token.id,
    name: token.name,
    role: token.role,
    repositories: token.repositories,
    createdBy: token.createdBy,
    createdAt: isoTime(token.createdAt),
    expiresAt: isoTime(token.expiresAt),
    lastUsedAt: isoTime(token.lastUsedAt),
  }
}
