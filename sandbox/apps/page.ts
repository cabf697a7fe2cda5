import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { html } from '../page/html.ts'
import { Refusal } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import { readManifest, registerFromManifest } from './manifest.ts'

type Params = { org?: string }

/** Where an App is registered from a manifest: the page that asks for its name, and where its form goes. */
export function serveManifestPages(server: FastifyInstance, { world }: ServerParts): void {
  for (const place of ['/settings/apps', '/organizations/:org/settings/apps']) {
    server.post<{ Params: Params }>(`${place}/new`, (request, reply) => {
      const { manifest: text = '' } = formOf(request)
      const manifest = readManifest(text)
      const { state = '' } = request.query as { state?: string }
      const action = request.url.replace(/\/new(\?.*)?$/, '/manifest')
      const page = renderPage(action, text, state, manifest.name ?? '', request.params.org)
      return reply.type('text/html; charset=utf-8').send(page)
    })

    server.post<{ Params: Params }>(`${place}/manifest`, (request, reply) => {
      const { manifest: text = '', state = '', name = '' } = formOf(request)
      const manifest = readManifest(text)
      const code = registerFromManifest(world, manifest, name, request.params.org ?? 'octocat')
      return redirectWith(reply, manifest.redirect_url ?? manifest.url, { code, state })
    })
  }
}

function redirectWith(reply: FastifyReply, to: string, query: Record<string, string>) {
  const url = new URL(to)
  for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value)
  return reply.redirect(url.href)
}

function formOf({ body, headers }: FastifyRequest): Record<string, string> {
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    throw new Refusal(422, 'A manifest comes by a form')
  }
  const text = Buffer.isBuffer(body) ? body.toString() : ''
  return Object.fromEntries(new URLSearchParams(text))
}

function renderPage(action: string, manifest: string, state: string, name: string, org?: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Create GitHub App - GitHub sandbox</title>
<link rel="stylesheet" href="/sandbox/style.css">
</head>
<body>
<header>
<h1>GitHub sandbox</h1>
<p>Create GitHub App for ${org ?? 'octocat'}</p>
</header>
<main>
<section>
<form method="post" action="${action}">
<input type="hidden" name="manifest" value="${manifest}">
<input type="hidden" name="state" value="${state}">
<label>GitHub App name <input name="name" value="${name}" required maxlength="34"></label>
<button>Create GitHub App for ${org ?? 'octocat'}</button>
</form>
</section>
</main>
</body>
</html>
`.markup
}
