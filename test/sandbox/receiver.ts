import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { verify } from '@octokit/webhooks-methods'

export interface Received {
  event: string
  guid: string
  contentType: string
  headers: Record<string, unknown>
  payload: Record<string, unknown>
  signed: boolean
}

/** A server that takes webhooks, remembers them and checks their signatures. `answer` is asked for each status. */
export async function receiveHooks(secret: string, answer: () => number = () => 202) {
  const received: Received[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString()
    const contentType = String(request.headers['content-type'])
    const json = contentType === 'application/json' ? body : new URLSearchParams(body).get('payload')
    received.push({
      event: String(request.headers['x-github-event']),
      guid: String(request.headers['x-github-delivery']),
      contentType,
      headers: request.headers,
      payload: JSON.parse(json ?? 'null'),
      signed: await verify(secret, body, String(request.headers['x-hub-signature-256'])),
    })
    response.writeHead(answer()).end('taken')
    for (const look of waiting) look()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  /** The first webhook, come or to come, that fits. */
  const next = (fits: (received: Received) => boolean): Promise<Received> =>
    new Promise((resolve) => {
      const look = () => {
        const found = received.find(fits)
        if (!found) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/event_handler`,
    received,
    next,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
