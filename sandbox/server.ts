import Fastify, { type FastifyInstance } from 'fastify'
import type { Acts } from './acts/index.ts'
import { answerApi } from './api.ts'
import type { ApiLog } from './api-log.ts'
import type { Faults } from './faults.ts'
import { serveGit } from './git-route.ts'
import { handlers } from './routes/index.ts'
import type { World } from './world.ts'

export interface ServerParts {
  world: World
  token: string
  faults: Faults
  log: ApiLog
  acts: Acts
}

/** The HTTP server of a sandbox: GitHub's API below /api/v3, git beside it. */
export function buildServer({ world, token, faults, log }: ServerParts): FastifyInstance {
  const server = Fastify({ bodyLimit: 25 * 1024 * 1024, forceCloseConnections: true })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const api = { world, token, faults, handlers, log }
  server.all('/api/v3/*', (request, reply) => answerApi(api, request, reply))
  server.all('/api/v3', (request, reply) => answerApi(api, request, reply))
  serveGit(server, { world, token, faults })
  return server
}
