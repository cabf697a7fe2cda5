import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FastifyInstance } from 'fastify'

/** The parts of the one style sheet, in order. */
const styles = ['base', 'shell', 'parts', 'grid', 'deployment', 'log', 'pages', 'print']
const scripts = ['main', 'live', 'log', 'streams', 'times']

interface Asset {
  type: string
  body: Buffer
}

const assets = readAssets()
const version = hashOf([...assets.values()])

/** The address of a file that pages use. It changes whenever one of them does, so that each is kept for ever. */
export function assetUrl(name: string): string {
  return `/assets/${version}/${name}`
}

/** `GET /assets/{version}/{name}`: the style sheet, the scripts and the icon, from memory. */
export async function assetRoutes(app: FastifyInstance) {
  app.get<{ Params: { version: string; name: string } }>(
    '/assets/:version/:name',
    { config: { role: 'anybody' } },
    async (request, reply) => {
      const asset = assets.get(request.params.name)
      if (asset === undefined) return reply.callNotFound()
      // Another receiver, newer or older, may have written the page.
      const isOurs = request.params.version === version
      return reply
        .headers({
          'Cache-Control': isOurs ? 'public, max-age=31536000, immutable' : 'no-store',
          'X-Content-Type-Options': 'nosniff',
        })
        .type(asset.type)
        .send(asset.body)
    },
  )
}

function readAssets(): Map<string, Asset> {
  const own = (path: string) => readFileSync(new URL(path, import.meta.url))
  const script = 'text/javascript; charset=utf-8'
  const morph = createRequire(import.meta.url).resolve('idiomorph/dist/idiomorph.min.js')
  return new Map([
    [
      'dashboard.css',
      {
        type: 'text/css; charset=utf-8',
        body: Buffer.concat(styles.map((name) => own(`style/${name}.css`))),
      },
    ],
    ...scripts.map((name) => [`${name}.js`, { type: script, body: own(`client/${name}.js`) }] as const),
    ['idiomorph.js', { type: script, body: readFileSync(morph) }],
    ['icon.svg', { type: 'image/svg+xml', body: own('style/icon.svg') }],
  ])
}

function hashOf(all: Asset[]): string {
  const hash = createHash('sha256')
  for (const { body } of all) hash.update(body)
  return hash.digest('hex').slice(0, 12)
}
