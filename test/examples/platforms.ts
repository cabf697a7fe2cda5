import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

interface Reply {
  status: number
  body: object
}

/** A server that answers JSON, on a free loopback port, until the test ends. Gives its address. */
async function serve(t: Test, reply: (request: IncomingMessage, body: string) => Reply): Promise<string> {
  const server = createServer(async (request, response: ServerResponse) => {
    let text = ''
    for await (const piece of request.setEncoding('utf8')) text += piece
    const { status, body } = reply(request, text)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export interface Heroku {
  url: string
  /** From now on, nothing builds. */
  fail(): void
  /** What builds were asked for, oldest first. */
  sources: { url: string; version: string }[]
  /** The version that the app runs. */
  released(): string | undefined
}

/**
 * Answers as the builds of Heroku's Platform API do: https://devcenter.heroku.com/articles/platform-api-reference#build.
 * A build is pending when it is first asked for, and then has succeeded, which releases it, or failed.
 */
export async function startHeroku(t: Test, app: string, token: string): Promise<Heroku> {
  const builds = new Map<string, { version: string; asked: number }>()
  let outcome = 'succeeded'
  const sources: Heroku['sources'] = []
  let released: string | undefined

  const create = (text: string): Reply => {
    const { source_blob: source } = JSON.parse(text)
    if (typeof source?.url !== 'string') return refusal(422, 'invalid_params', 'source_blob.url is required.')
    const id = randomUUID()
    sources.push(source)
    builds.set(id, { version: source.version, asked: 0 })
    return { status: 201, body: { id, status: 'pending', source_blob: source, release: null } }
  }
  const info = (id: string): Reply => {
    const build = builds.get(id)
    if (!build) return refusal(404, 'not_found', "Couldn't find that build.")
    const { version } = build
    if (build.asked++ === 0) return { status: 200, body: { id, status: 'pending' } }
    if (outcome === 'succeeded') released = version
    return { status: 200, body: { id, status: outcome } }
  }
  const url = await serve(t, ({ method, url = '', headers }, text) => {
    if (headers.authorization !== `Bearer ${token}`)
      return refusal(401, 'unauthorized', 'Invalid credentials provided.')
    if (headers.accept !== 'application/vnd.heroku+json; version=3')
      return refusal(404, 'not_found', 'The requested API endpoint was not found.')
    const [path, id] = url.split(`/apps/${app}/builds`)
    if (path !== '' || id === undefined) return refusal(404, 'not_found', "Couldn't find that app.")
    return method === 'POST' ? create(text) : info(id.slice(1))
  })
  const fail = () => {
    outcome = 'failed'
  }
  return { url, fail, sources, released: () => released }
}

function refusal(status: number, id: string, message: string): Reply {
  return { status, body: { id, message } }
}

export interface Hooked {
  url: string
  /** What the hook was called with. */
  calls: { ref?: string }[]
  /** From now on, nothing goes live. */
  fail(): void
}

/** A deploy hook, and the site that it deploys: a commit is live when it is asked for the second time. */
export async function startHooked(t: Test, secret: string): Promise<Hooked> {
  const calls: Hooked['calls'] = []
  const asked = new Set<string>()
  let isFailing = false
  const url = await serve(t, ({ method, url = '' }, text) => {
    if (method === 'POST') {
      if (url !== `/hooks/${secret}`) return { status: 404, body: { message: 'There is no such hook.' } }
      calls.push(JSON.parse(text))
      return { status: 202, body: {} }
    }
    const isCalled = calls.some(({ ref }) => url === `/deployed/${ref}.json`)
    if (isCalled && asked.has(url) && !isFailing) return { status: 200, body: { state: 'live' } }
    asked.add(url)
    return { status: 404, body: {} }
  })
  const fail = () => {
    isFailing = true
  }
  return { url, calls, fail }
}
