import { z } from 'zod'
import type { DeploymentRecord } from '../deployments/record.ts'
import type { ApiApp } from '../openapi/schemas.ts'
import type { LaneView } from '../overview/overview.ts'
import { type Places, presentDeployment } from './present-deployment.ts'
import { presentFreeze, presentLock } from './present-hold.ts'
import { repositoryName } from './query.ts'
import { laneSchema, type PresentedLane } from './schema/lane.ts'
import type { Sources } from './sources.ts'

const schema = {
  operationId: 'getOverview',
  tags: ['overview'],
  summary: 'How things stand in each environment',
  querystring: z.strictObject({ repository: repositoryName.optional() }),
  response: { 200: z.object({ environments: z.array(laneSchema) }) },
}

/** `GET /api/overview`: how things stand in each environment. */
export async function overviewRoute(app: ApiApp, sources: Sources) {
  const { overview, repositories } = sources
  app.get('/overview', { config: { role: 'viewer', listsRepository: true }, schema }, async (request) => {
    const { repository } = request.query
    const known = repository === undefined ? undefined : await repositories.named(repository)
    if (repository !== undefined && known === undefined) return { environments: [] }
    const lanes = await overview.lanes(known === undefined ? {} : { repositoryId: known.id })
    return { environments: lanes.map((lane) => presentLane(lane, sources)) }
  })
}

/** How an environment stands, as the API gives it. Pure. */
export function presentLane(lane: LaneView, places: Places): PresentedLane {
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
