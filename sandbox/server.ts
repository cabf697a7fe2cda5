import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { answerApi } from './api.ts'
import { serveInstallPage } from './apps/install-page.ts'
import { serveManifestPages } from './apps/page.ts'
import { serveControl } from './control/routes.ts'
import { serveGit } from './git-route.ts'
import { serveOAuth } from './oauth/routes.ts'
import { servePage } from './page/routes.ts'
import { Refusal } from './refusal.ts'
import { handlers } from './routes/index.ts'
import type { ServerParts } from './server-parts.ts'

/** A key and a certificate, as PEM. */
export interface Tls {
  key: string
  cert: string
}

/** The HTTP server of a sandbox: the API below /api/v3, git beside it, its own controls below /sandbox, a page. */
export function buildServer(parts: ServerParts, tls?: Tls): FastifyInstance {
  const server = Fastify({
    ...{ bodyLimit: 25 * 1024 * 1024, forceCloseConnections: true },
    // The types tell servers with TLS from others; what is served is the same.
    ...(tls === undefined ? {} : { https: tls }),
  })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).send(error.body)
    return reply.code(error.statusCode ?? 500).send({ message: error.message })
  })
  const api = { ...parts, handlers }
  for (const url of ['/api/v3', '/api/v3/*']) {
    server.all(url, (request, reply) => answerApi(api, request, reply))
  }
  serveGit(server, parts)
  serveControl(server, parts)
  serveOAuth(server, parts)
  serveManifestPages(server, parts)
  serveInstallPage(server, parts)
  servePage(server, parts)
  return server
}
