import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { DeploymentRecord } from '../deployments/record.ts'
import type { Freeze } from '../locks/freezes.ts'
import type { Lock } from '../locks/locks.ts'
import { scopeWords } from '../locks/scope.ts'
import type { LaneView } from '../overview/overview.ts'
import { isoTime, type Places, presentDeployment } from './present-deployment.ts'
import { readQuery, repositoryName } from './query.ts'
import type { Sources } from './sources.ts'

/** The query of `GET /api/overview`. */
export const overviewQuery = z.strictObject({ repository: repositoryName.optional() })

/** `GET /api/overview`: how things stand in each environment. */
export async function overviewRoute(app: FastifyInstance, sources: Sources) {
  const { overview, repositories } = sources
  app.get('/overview', { config: { role: 'viewer' } }, async (request) => {
    const { repository } = readQuery(overviewQuery.shape, request.query)
    const known = repository === undefined ? undefined : await repositories.named(repository)
    if (repository !== undefined && known === undefined) return { environments: [] }
    const lanes = await overview.lanes(known === undefined ? {} : { repositoryId: known.id })
    return { environments: lanes.map((lane) => presentLane(lane, sources)) }
  })
}

/** How an environment stands, as the API gives it. Pure. */
export function presentLane(lane: LaneView, places: Places) {
  const present = (record: DeploymentRecord) => presentDeployment(record, lane.repository, places)
  const presentIfAny = (record: DeploymentRecord | undefined) => (record ? present(record) : null)
  return {
    repository: lane.repository,
    repositoryId: lane.repositoryId,
    environment: lane.environment,
    health: lane.health,
    current: presentIfAny(lane.current),
    failed: presentIfAny(lane.failed),
    running: presentIfAny(lane.running),
    waiting: lane.waiting.map(present),
    waitsFor: lane.waitsFor ?? null,
    behind: lane.behind ?? null,
    behindUnknown: lane.behindUnknown ?? null,
    locks: lane.locks.map(presentLock),
    freezes: lane.freezes.map(presentFreeze),
  }
}

function presentLock({ id, scope, owner, reason, since, expiresAt, kind, ownerMayDeploy }: Lock) {
  const times = { since: isoTime(since), expiresAt: isoTime(expiresAt) }
  return { id, scope: scopeWords(scope), kind, owner, reason, ...times, ownerMayDeploy }
}

function presentFreeze({ id, scope, from, until, reason, by, at }: Freeze) {
  const times = { from: isoTime(from), until: isoTime(until), at: isoTime(at) }
  return { id, scope: scopeWords(scope), by, reason, ...times }
}
