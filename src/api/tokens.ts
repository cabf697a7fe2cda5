import { z } from 'zod'
import { createToken, revokeToken, tokenWish } from '../access/manage-tokens.ts'
import type { ApiToken } from '../access/tokens.ts'
import type { ApiApp } from '../openapi/schemas.ts'
import { actorOf, doneOf } from './operations/answer.ts'
import { isoTime } from './present-deployment.ts'
import { repositoryName } from './query.ts'
import { madeToken, meSchema, type PresentedToken, revokedToken, tokenSchema } from './schema/access.ts'
import type { Sources } from './sources.ts'

const me = {
  operationId: 'getMe',
  tags: ['access'],
  summary: 'Who calls, and what they may do',
  querystring: z.strictObject({ repository: repositoryName.optional() }),
  response: { 200: meSchema },
}

const listed = {
  operationId: 'listTokens',
  tags: ['access'],
  summary: 'The tokens of machines, newest first; those that expired lately, too',
  response: { 200: z.object({ tokens: z.array(tokenSchema) }) },
}

const made = {
  operationId: 'createToken',
  tags: ['access'],
  summary: 'Makes a token, and tells its secret this once',
  // It is read where it is made: pages make tokens, too.
  documented: { body: tokenWish },
  response: { 201: madeToken },
  refusals: [422],
}

const revoked = {
  operationId: 'revokeToken',
  tags: ['access'],
  summary: 'Ends a token at once',
  params: z.object({ id: z.string().meta({ description: "The token's id" }) }),
  response: { 200: revokedToken },
}

const admin = { config: { role: 'admin' } } as const

/** `GET /api/me`: who calls. `GET` and `POST /api/tokens`, `DELETE /api/tokens/{id}`: tokens for machines. */
export async function tokenRoutes(app: ApiApp, { identity, audit }: Sources) {
  const { tokens, access } = identity

  app.get('/me', { config: { role: 'signed-in' }, schema: me }, async (request) => {
    const { repository } = request.query
    const actor = actorOf(request)
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

  app.get('/tokens', { ...admin, schema: listed }, async () => ({
    tokens: (await tokens.list()).map(presentToken),
  }))

  app.post('/tokens', { ...admin, schema: made }, async (request, reply) => {
    const { token, secret, text } = doneOf(
      await createToken({ tokens, audit }, actorOf(request), request.body),
    )
    reply.code(201)
    return { ...presentToken(token), secret, text }
  })

  app.delete('/tokens/:id', { ...admin, schema: revoked }, async (request) => {
    const { token, text } = doneOf(await revokeToken({ tokens, audit }, actorOf(request), request.params.id))
    return { ...presentToken(token), text }
  })
}

/** A token as the API gives it: never its secret. Pure. */
function presentToken({ id, name, role, repositories, createdBy, ...token }: ApiToken): PresentedToken {
  return {
    ...{ id, name, role, repositories, createdBy },
    createdAt: isoTime(token.createdAt),
    expiresAt: isoTime(token.expiresAt),
    lastUsedAt: isoTime(token.lastUsedAt),
  }
}
