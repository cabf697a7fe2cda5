import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { errorAnswer } from './errors/answer-error.ts'
import { BadRequest } from './errors/bad-request.ts'

/**
 * How long the receiver bears with a connection. GitHub, browsers and scripts send all at once; whoever trickles is cut off, well
 * after GitHub's own limit of 10 s. What follows events is kept alive by its heartbeats.
 */
export const connectionTimes = {
  /** For a whole request. */
  requestTimeout: 30_000,
  /** For one on which nothing moves, in either direction: whoever does not read what they asked for. */
  connectionTimeout: 120_000,
  http: {
    /** For the head of a request, and for the first byte of all. */
    headersTimeout: 10_000,
    /** How often the above are looked at. */
    connectionsCheckingInterval: 2000,
    // Node's own answer would say nothing: see answerInWords.
    requireHostHeader: false,
  },
}

/**
 * Takes so many connections at a time, and half of them from one address, so that one alone does not keep out all others. Where
 * all come through a proxy, its own limits are what counts, and it may have all.
 */
export function limitConnections(server: Server, most: number, isBehindProxy: boolean): void {
  server.maxConnections = most
  if (isBehindProxy) return
  const byAddress = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const many = (byAddress.get(address) ?? 0) + 1
    if (many > most / 2) {
      socket.destroy()
      return
    }
    byAddress.set(address, many)
    socket.once('close', () => {
      const left = (byAddress.get(address) ?? 1) - 1
      if (left > 0) byAddress.set(address, left)
      else byAddress.delete(address)
    })
  })
}

/** What Node refuses by itself, with an empty answer, is refused in the shape of all other errors. */
export function answerInWords(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers, httpVersion } = request.raw
    const isWithout = headers.host === undefined && httpVersion === '1.1'
    done(isWithout ? new BadRequest('The header Host is missing.') : undefined)
  })
  app.server.on('checkExpectation', (_request, response) => {
    const body = JSON.stringify(errorAnswer(417, 'Nothing can be expected but 100-continue.'))
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    }
    response.writeHead(417, headers).end(body)
  })
}

/**
 * Path and query of a request. Whoever takes us for a proxy names a host before them, as HTTP allows: links that are made of the
 * address must not lead there. Pure.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
 */
export function pathAndQuery({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  if (url.startsWith('/') || !URL.canParse(url)) return url
  const { pathname, search } = new URL(url)
  return pathname.startsWith('/') ? `${pathname}${search}` : url
}
