import type { FastifyInstance } from 'fastify'
import { takeSnapshot } from '../control/snapshot.ts'
import type { ServerParts } from '../server-parts.ts'
import { SCRIPT, STYLE } from './assets.ts'
import { renderPage } from './page.ts'

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** The page, its style and script, and a way back to it from every web address that the API gives out. */
export function servePage(server: FastifyInstance, { world, log }: ServerParts): void {
  server.get('/', (_request, reply) =>
    reply
      .headers({ 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' })
      .type('text/html; charset=utf-8')
      .send(renderPage(takeSnapshot(world, log))),
  )
  server.get('/sandbox/style.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE))
  server.get('/sandbox/live.js', (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(SCRIPT),
  )
  const home = { owner: '', name: '' }
  for (const url of ['/:owner/:name', '/:owner/:name/*']) {
    server.get<{ Params: typeof home }>(url, ({ params: { owner, name } }, reply) =>
      reply.redirect(`/#${encodeURIComponent(owner)}/${encodeURIComponent(name)}`),
    )
  }
}
