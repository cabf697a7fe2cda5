import type { FastifyInstance } from 'fastify'
import { listDeployments } from '../deployments/list.ts'
import { deploymentStates } from '../deployments/states.ts'
import { fullName } from '../jobs/job.ts'
import { findChanges } from './changes.ts'
import { type DeploymentParams, findDeployment } from './find-deployment.ts'
import { isoTime, presentDeployment } from './present-deployment.ts'
import { deploymentId, limit, nextPage, oneOf, readQuery, repositoryName, text } from './query.ts'
import type { Sources } from './sources.ts'
import { timelineOf } from './timeline.ts'

const query = {
  repository: repositoryName.optional(),
  environment: text.optional(),
  state: oneOf(deploymentStates).optional(),
  limit,
  before: deploymentId.optional(),
}

/** `GET /api/deployments` and `/api/deployments/{owner}/{repo}/{id}`. */
export async function deploymentRoutes(app: FastifyInstance, sources: Sources) {
  const { redis, keys, records, repositories, publicUrl } = sources

  app.get('/deployments', { config: { role: 'viewer', listsRepository: true } }, async (request) => {
    const { repository, limit, before, ...filter } = readQuery(query, request.query)
    const known = repository === undefined ? undefined : await repositories.named(repository)
    if (repository !== undefined && known === undefined) return { deployments: [], next: null }
    const page = await listDeployments(redis, keys, { ...filter, repositoryId: known?.id }, limit, before)
    const names = await repositories.namesOf(page.records.map((record) => record.repository.id))
    return {
      deployments: page.records.map((record) => {
        const name = names.get(record.repository.id) ?? fullName(record.repository)
        return presentDeployment(record, name, sources)
      }),
      next: nextPage(`${publicUrl}${request.url}`, page.next),
    }
  })

  const one = { config: { role: 'viewer' } } as const
  app.get<{ Params: DeploymentParams }>('/deployments/:owner/:repo/:id', one, async (request) => {
    const { record, name } = await findDeployment(sources, request.params)
    const { overview } = sources
    const [statuses, usualMs, changes] = await Promise.all([
      records.statuses(record.id),
      overview.usualMs(record.repository.id, record.environment),
      findChanges(record, sources),
    ])
    return {
      ...presentDeployment(record, name, sources),
      statuses: statuses.map(({ at, ...status }) => ({ ...status, at: isoTime(at) })),
      unreportable: record.unreportable ?? null,
      timeline: timelineOf(record, statuses),
      usualSeconds: usualMs === undefined ? null : usualMs / 1000,
      changes,
    }
  })
}
