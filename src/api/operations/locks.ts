import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Lock } from '../../locks/locks.ts'
import type { Scope } from '../../locks/scope.ts'
import { scopeOf } from '../../operations/find-place.ts'
import type { Place } from '../../operations/operations.ts'
import { Refused } from '../../operations/refused.ts'
import { Refusal } from '../../refusal.ts'
import { readQuery, text } from '../query.ts'
import { actorOf, sendAnswer, statusOf } from './answer.ts'
import { moment, oneOf, readBody, words, yesOrNo } from './body.ts'
import { type OperationRouteOptions, type PlaceParams, placeOf } from './options.ts'

const lockBody = {
  reason: words,
  expires: moment.optional(),
  kind: oneOf(['hard', 'soft']).optional(),
  owner_may_deploy: yesOrNo.optional(),
}

const ofRepository = '/locks/:owner/:repo'
const ofEnvironment = '/locks/:owner/:repo/:environment'

/** Locks: all of them, and those on a place. */
export async function lockRoutes(app: FastifyInstance, { operations, parts }: OperationRouteOptions) {
  const lock = async (request: FastifyRequest, reply: FastifyReply, place: Place) => {
    const { expires, owner_may_deploy: ownerMayDeploy, ...wish } = readBody(lockBody, request.body)
    const expiresInMs = expires === undefined ? undefined : expires - Date.now()
    if (expiresInMs !== undefined && expiresInMs <= 0) throw new Refusal(400, 'expires is in the past.')
    return sendAnswer(
      reply,
      await operations.lock(actorOf(request), { ...place, ...wish, expiresInMs, ownerMayDeploy }),
    )
  }
  const unlock = async (request: FastifyRequest, reply: FastifyReply, place: Place) => {
    const { id } = readQuery({ id: text.optional() }, request.query)
    return sendAnswer(reply, await operations.unlock(actorOf(request), { ...place, id }))
  }

  app.get('/locks', { config: { role: 'viewer' } }, async () => ({ locks: await parts.locks.all() }))
  app.put('/locks', { config: { role: 'admin' } }, (request, reply) => lock(request, reply, {}))
  app.delete('/locks', { config: { role: 'admin' } }, (request, reply) => unlock(request, reply, {}))

  for (const path of [ofRepository, ofEnvironment]) {
    app.get<{ Params: PlaceParams }>(path, { config: { role: 'viewer' } }, async ({ params }) => {
      const scope = await scopeOf(parts, placeOf(params)).catch(asRefusal)
      return { locks: (await parts.locks.all()).filter((each) => isOn(each, scope)).sort(widestFirst) }
    })
    app.put<{ Params: PlaceParams }>(path, { config: { role: 'deployer' } }, (request, reply) =>
      lock(request, reply, placeOf(request.params)),
    )
    app.delete<{ Params: PlaceParams }>(path, { config: { role: 'deployer' } }, (request, reply) =>
      unlock(request, reply, placeOf(request.params)),
    )
  }
}

/** Whether a lock holds a place, or, for a repository, one of its environments. */
function isOn({ scope }: Lock, place: Scope): boolean {
  if (scope.kind === 'everything' || place.kind === 'everything') return true
  if (scope.repositoryId !== place.repositoryId) return false
  if (scope.kind === 'repository' || place.kind === 'repository') return true
  return scope.environment.toLowerCase() === place.environment.toLowerCase()
}

const width = { everything: 0, repository: 1, environment: 2 }

function widestFirst(one: Lock, other: Lock): number {
  return width[one.scope.kind] - width[other.scope.kind]
}

/** What an operation would refuse, where something is only read. */
function asRefusal(error: unknown): never {
  throw error instanceof Refused ? new Refusal(statusOf[error.code], error.message) : error
}
