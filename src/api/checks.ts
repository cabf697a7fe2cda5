import type { CheckRecord } from '../checks/record.ts'
import { Refusal } from '../errors/refusal.ts'
import type { ApiApp } from '../openapi/schemas.ts'
import type { DeploymentParams } from './find-deployment.ts'
import { logRoute } from './log/route.ts'
import { nameIfMeant } from './name-if-meant.ts'
import { presentCheck } from './present-check.ts'
import { checkSchema } from './schema/check.ts'
import { ofCheck } from './schema/terms.ts'
import type { Sources } from './sources.ts'

const one = {
  operationId: 'getCheck',
  tags: ['checks'],
  summary: 'A check of a pull request',
  params: ofCheck,
  response: { 200: checkSchema },
}

/** `GET /api/checks/{owner}/{repo}/{id}` and its log. */
export async function checkRoutes(app: ApiApp, sources: Sources) {
  app.get('/checks/:owner/:repo/:id', { config: { role: 'viewer' }, schema: one }, async (request) => {
    const { record, name } = await findCheck(sources, request.params)
    return presentCheck(record, name, sources)
  })

  await logRoute(app, {
    of: '/checks',
    documented: {
      operationId: 'getCheckLog',
      tag: 'checks',
      summary: 'The log of a check',
      params: ofCheck,
    },
    redis: sources.redis,
    keys: sources.checkKeys,
    logs: sources.checkLogs,
    records: sources.checks,
    find: async (params) => (await findCheck(sources, params)).record.id,
  })
}

/**
 * The check of a path, and the `owner/name` that its repository has now. The id alone is its identity; the repository must
 * be its own, by the name it has now or by the one it had then.
 *
 * @throws {Refusal} 404 if there is none
 */
async function findCheck(
  { checks, repositories }: Sources,
  params: DeploymentParams,
): Promise<{ record: CheckRecord; name: string }> {
  const { owner, repo, id } = params
  const record = /^[0-9a-f]{24}$/.test(id) ? await checks.read(id) : undefined
  const name = record && (await nameIfMeant(repositories, record.repository, params))
  if (record !== undefined && name !== undefined) return { record, name }
  throw new Refusal(404, `Livraison knows no check ${id} of ${owner}/${repo}.`)
}
