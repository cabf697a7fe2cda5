import type { FastifyInstance, FastifyRequest } from 'fastify'
import { html } from '../page/html.ts'
import { notFound } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import type { World } from '../world.ts'
import { installApp } from './install.ts'
import { installationOn } from './register.ts'
import type { RegisteredApp } from './state.ts'

type Params = { slug: string }

/** Where an App is installed on an account, on all of its repositories. */
export function serveInstallPage(server: FastifyInstance, { world }: ServerParts): void {
  const place = '/apps/:slug/installations/new'
  server.get<{ Params: Params }>(place, ({ params: { slug } }, reply) =>
    reply.type('text/html; charset=utf-8').send(renderPage(world, appCalled(world, slug))),
  )
  server.post<{ Params: Params }>(place, (request, reply) => {
    const app = appCalled(world, request.params.slug)
    const account = accountIn(request)
    if (!ownersIn(world).includes(account)) throw notFound()
    if (installationOn(world, app, account) === undefined) installApp(world, app, account)
    return reply.redirect(request.url)
  })
}

function appCalled(world: World, slug: string): RegisteredApp {
  const app = [...world.apps.registered.values()].find((each) => each.slug === slug)
  if (app === undefined) throw notFound()
  return app
}

function ownersIn(world: World): string[] {
  return [...new Set([...world.repositories.values()].map(({ owner }) => owner.login))].sort()
}

function accountIn({ body }: FastifyRequest): string {
  const text = Buffer.isBuffer(body) ? body.toString() : ''
  return new URLSearchParams(text).get('account') ?? ''
}

function renderPage(world: World, app: RegisteredApp): string {
  const path = `/apps/${app.slug}/installations/new`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Install ${app.name} - GitHub sandbox</title>
<link rel="stylesheet" href="/sandbox/style.css">
</head>
<body>
<header>
<h1>GitHub sandbox</h1>
<p>Install ${app.name}</p>
</header>
<main>
${ownersIn(world).map((account) =>
  installationOn(world, app, account) === undefined
    ? html`<section><form method="post" action="${path}"><input type="hidden" name="account" value="${account}">
<button>Install on all repositories of ${account}</button></form></section>`
    : html`<section><p>Installed on all repositories of ${account}.</p></section>`,
)}
</main>
</body>
</html>
`.markup
}
