import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export interface Proxy {
  url: string
  /** How many requests had the right token, and how many had none or another. */
  allowed(): number
  refused(): number
  /** The credentials that it was given. */
  credentials(): string[]
}

/**
 * A server before another that lets nobody through without the token, as GitHub with a private repository.
 * `onRequest` sees each request that has it, and may answer it.
 */
export async function startAuthenticatingProxy(
  t: Test,
  target: string,
  token: string,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void = () => {},
): Promise<Proxy> {
  const right = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
  const counts = { allowed: 0, refused: 0 }
  const credentials: string[] = []
  const server = createServer((request, response) => {
    const { authorization, host: _host, ...headers } = request.headers
    if (authorization !== undefined) credentials.push(authorization)
    if (authorization !== right) {
      counts.refused++
      response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end('Not without a token.')
      return
    }
    counts.allowed++
    onRequest(request, response)
    if (response.writableEnded) return
    const onward = forward(`${target}${request.url}`, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    allowed: () => counts.allowed,
    refused: () => counts.refused,
    credentials: () => credentials,
  }
}
