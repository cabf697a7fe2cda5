import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../refusal.ts'
import { repositoryName } from '../query.ts'
import type { Sources } from '../sources.ts'
import { explain } from './explain.ts'
import { gatherFacts } from './gather.ts'

/** `GET /api/why/{owner}/{repo}/{environment}`: why something is, or is not, being deployed. */
export async function whyRoute(app: FastifyInstance, sources: Sources) {
  // The rest of the path: an environment's name may hold slashes and be long.
  app.get<{ Params: { owner: string; repo: string; '*': string } }>(
    '/why/:owner/:repo/*',
    { config: { role: 'viewer' } },
    async (request) => {
      const { owner, repo, '*': environment } = request.params
      const name = repositoryName.safeParse(`${owner}/${repo}`)
      if (!name.success || environment === '') {
        throw new Refusal(404, 'Ask for /api/why/OWNER/REPOSITORY/ENVIRONMENT.')
      }
      return explain(await gatherFacts(sources, name.data, environment), sources)
    },
  )
}
