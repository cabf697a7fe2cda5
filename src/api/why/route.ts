import { Refusal } from '../../errors/refusal.ts'
import type { ApiApp } from '../../openapi/schemas.ts'
import { repositoryName } from '../query.ts'
import { explanationSchema } from '../schema/explanation.ts'
import { ofEnvironment } from '../schema/terms.ts'
import type { Sources } from '../sources.ts'
import { explain } from './explain.ts'
import { gatherFacts } from './gather.ts'

const schema = {
  operationId: 'explain',
  tags: ['deployments'],
  summary: 'Why something is, or is not, being deployed',
  params: ofEnvironment,
  response: { 200: explanationSchema },
}

/** `GET /api/why/{owner}/{repo}/{environment}`: why something is, or is not, being deployed. */
export async function whyRoute(app: ApiApp, sources: Sources) {
  // The rest of the path: an environment's name may hold slashes and be long.
  app.get('/why/:owner/:repo/*', { config: { role: 'viewer' }, schema }, async (request) => {
    const { owner, repo, '*': environment } = request.params
    const name = repositoryName.safeParse(`${owner}/${repo}`)
    if (!name.success || environment === '') {
      throw new Refusal(404, 'Ask for /api/why/OWNER/REPOSITORY/ENVIRONMENT.')
    }
    return explain(await gatherFacts(sources, name.data, environment), sources)
  })
}
