import { z } from 'zod'
import { listDeployments } from '../deployments/list.ts'
import { deploymentStates } from '../deployments/states.ts'
import { fullName } from '../jobs/job.ts'
import type { ApiApp } from '../openapi/schemas.ts'
import { findChanges } from './changes.ts'
import { findDeployment } from './find-deployment.ts'
import { isoTime, presentDeployment } from './present-deployment.ts'
import { deploymentId, limit, nextPage, oneOf, repositoryName, text } from './query.ts'
import { deploymentSchema, wholeDeployment } from './schema/deployment.ts'
import { numbered, pageOf } from './schema/terms.ts'
import type { Sources } from './sources.ts'
import { timelineOf } from './timeline.ts'

const listed = {
  operationId: 'listDeployments',
  tags: ['deployments'],
  summary: 'Deployments, newest first',
  querystring: z.strictObject({
    repository: repositoryName.optional(),
    environment: text.optional(),
    state: oneOf(deploymentStates).optional(),
    limit,
    before: deploymentId.optional(),
  }),
  response: { 200: pageOf('deployments', deploymentSchema) },
}

const one = {
  operationId: 'getDeployment',
  tags: ['deployments'],
  summary: 'A deployment, with its statuses and its life in words',
  params: numbered,
  response: { 200: wholeDeployment },
}

/** `GET /api/deployments` and `/api/deployments/{owner}/{repo}/{id}`. */
export async function deploymentRoutes(app: ApiApp, sources: Sources) {
  const { redis, keys, records, repositories, publicUrl } = sources

  const list = { config: { role: 'viewer', listsRepository: true }, schema: listed } as const
  app.get('/deployments', list, async (request) => {
    const { repository, limit, before, ...filter } = request.query
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

  app.get('/deployments/:owner/:repo/:id', { config: { role: 'viewer' }, schema: one }, async (request) => {
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
