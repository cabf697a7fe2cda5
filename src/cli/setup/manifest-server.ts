import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf } from '../../errors/errors.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { askPage, donePage, failedPage } from './manifest-page.ts'

/** What was made of the code that GitHub led back with. */
export interface Made {
  name: string
  installUrl: string
}

export interface ManifestServerOptions {
  /** 0: a free one. */
  port: number
  /** Where GitHub's form is, without a query. */
  formUrl: string
  /** The manifest, once it is known where GitHub is to lead back to. */
  manifest(redirectUrl: string): object
  /** Exchanges a code that came back. */
  take(code: string): Promise<Made>
}

/** The page on this machine from which the App is made. */
export interface ManifestServer {
  /** Where it is shown. */
  url: string
  /** Resolves once the App is made; rejects if that went wrong at the end. */
  done: Promise<Made>
  close(): Promise<void>
}

const host = '127.0.0.1'

/**
 * Serves the page on the loopback address alone. What comes back must bring the state that was sent, which nobody else knows; a code
 * without it is somebody else's App.
 */
export async function serveManifest(options: ManifestServerOptions): Promise<ManifestServer> {
  const state = randomBytes(24).toString('base64url')
  let resolve: (made: Made) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const done = new Promise<Made>((onMade, onFailed) => {
    resolve = onMade
    reject = onFailed
  })
  let taken = false
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => say(response, 500, failedPage(messageOf(error))))
  })

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { port } = server.address() as AddressInfo
    const own = `http://${host}:${port}`
    // A page elsewhere whose name leads here is none of ours.
    if (request.headers.host !== `${host}:${port}`) return say(response, 421, failedPage(`Go to ${own}.`))
    const { pathname, searchParams } = new URL(request.url ?? '/', own)
    if (request.method !== 'GET') return say(response, 405, failedPage('Only GET is answered here.'))
    if (pathname === '/') {
      const manifest = JSON.stringify(options.manifest(`${own}/created`))
      const action = `${options.formUrl}?${new URLSearchParams({ state })}`
      return say(response, 200, askPage({ action, manifest, host: new URL(options.formUrl).host }))
    }
    if (pathname !== '/created') return say(response, 404, failedPage('There is nothing here.'))
    if (!isSame(searchParams.get('state') ?? '', state)) {
      const message = 'This answer belongs to no question of ours (its state is wrong): begin again.'
      return say(response, 400, failedPage(message))
    }
    const code = searchParams.get('code') ?? ''
    if (!/^[\w-]{1,200}$/.test(code))
      return say(response, 400, failedPage('GitHub gave no code: begin again.'))
    if (taken) return say(response, 409, failedPage('The App is made already: look at the terminal.'))
    taken = true
    await finish(code, response)
  }

  const finish = async (code: string, response: ServerResponse) => {
    try {
      const made = await options.take(code)
      response.once('close', () => resolve(made))
      say(response, 200, donePage(made.name, made.installUrl))
    } catch (error) {
      response.once('close', () => reject(error))
      say(response, 502, failedPage(messageOf(error)))
    }
  }

  server.listen(options.port, host)
  await once(server, 'listening').catch((error: unknown) => {
    throw new Stop(exitStatus.refused, `The page cannot be served: ${messageOf(error)}`)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}/`,
    done,
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function say(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(page)
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
