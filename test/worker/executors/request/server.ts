import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import type { RequestRules } from '../../../../worker/executors/request/check-rules.ts'

export interface Asked {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

/** What is answered: a status, with a body; or the test answers itself, or not at all. */
export type Reply =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | ((response: ServerResponse) => void)

export interface Deployer {
  url: string
  asked: Asked[]
  /** Rules that call it. */
  rules(changes?: Partial<RequestRules>): RequestRules
}

/** Something that deploys: a real server that gives these answers in turn, the last one for ever. */
export async function startDeployer(t: Test, replies: Reply[]): Promise<Deployer> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    let body = ''
    for await (const piece of request.setEncoding('utf8')) body += piece
    const reply = replies[Math.min(asked.push({ method, url, headers, body }), replies.length) - 1]
    if (typeof reply === 'function') return reply(response)
    const text = typeof reply?.body === 'string' ? reply.body : JSON.stringify(reply?.body ?? {})
    response.writeHead(reply?.status ?? 500, reply?.headers).end(text)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    asked,
    rules: (changes = {}) => ({
      kind: 'request',
      url: `${url}/deploy`,
      method: 'POST',
      headers: {},
      body: undefined,
      timeoutMs: 10_000,
      poll: undefined,
      allowPrivate: true,
      ...changes,
    }),
  }
}
