import type { Actor } from '../../access/actor.ts'
import { Refusal } from '../../errors/refusal.ts'
import type { Lock } from '../../locks/locks.ts'
import type { Scope } from '../../locks/scope.ts'
import type { ApiApp } from '../../openapi/schemas.ts'
import type { Answer } from '../../operations/answer.ts'
import { scopeOf } from '../../operations/find-place.ts'
import type { LockWish, Place } from '../../operations/operations.ts'
import { readRefusal } from '../../operations/perform.ts'
import { presentLock } from '../present-hold.ts'
import { actorOf, doneOf, refusalOf } from './answer.ts'
import { type LockBody, onEnvironment, onEverything, onRepository } from './lock-schemas.ts'
import { type OperationRouteOptions, placeOf } from './options.ts'

const [viewer, deployer, admin] = [
  { config: { role: 'viewer' } },
  { config: { role: 'deployer' } },
  { config: { role: 'admin' } },
] as const

/** Locks: all of them, and those on a place. */
export async function lockRoutes(app: ApiApp, options: OperationRouteOptions) {
  const { list, lock, unlock } = locksOf(options)

  app.get('/locks', { ...viewer, schema: onEverything.list }, () => list({}))
  app.put('/locks', { ...admin, schema: onEverything.lock }, (request) =>
    lock(actorOf(request), {}, request.body),
  )
  app.delete('/locks', { ...admin, schema: onEverything.unlock }, (request) =>
    unlock(actorOf(request), { ...request.query }),
  )

  for (const [path, on] of [
    ['/locks/:owner/:repo', onRepository],
    ['/locks/:owner/:repo/:environment', onEnvironment],
  ] as const) {
    app.get(path, { ...viewer, schema: on.list }, ({ params }) => list(placeOf(params)))
    app.put(path, { ...deployer, schema: on.lock }, (request) =>
      lock(actorOf(request), placeOf(request.params), request.body),
    )
    app.delete(path, { ...deployer, schema: on.unlock }, (request) =>
      unlock(actorOf(request), { ...placeOf(request.params), ...request.query }),
    )
  }
}

/** What the routes of all places do. */
function locksOf({ operations, parts }: OperationRouteOptions) {
  return {
    async list(place: Place) {
      const scope = await scopeOf(parts, place).catch(asRefusal)
      const locks = (await parts.locks.all()).filter((each) => isOn(each, scope))
      return { locks: locks.sort(widestFirst).map(presentLock) }
    },
    lock: async (actor: Actor, place: Place, body: LockBody) =>
      presentLocked(await operations.lock(actor, { ...place, ...wishOf(body) })),
    unlock: async (actor: Actor, which: Place & { id?: string | undefined }) =>
      presentLocked(await operations.unlock(actor, which)),
  }
}

function wishOf({ expires, owner_may_deploy: ownerMayDeploy, ...wish }: LockBody): LockWish {
  const expiresInMs = expires === undefined ? undefined : expires - Date.now()
  if (expiresInMs !== undefined && expiresInMs <= 0) throw new Refusal(400, 'expires is in the past.')
  return { ...wish, expiresInMs, ownerMayDeploy }
}

function presentLocked(answer: Answer<{ lock: Lock }>) {
  const { lock, ...done } = doneOf(answer)
  return { ...done, lock: presentLock(lock) }
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
  const refused = readRefusal(error)
  throw refused ? refusalOf(refused) : error
}
