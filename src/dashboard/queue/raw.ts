import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Queues } from '../../jobs/queues.ts'

const basePath = '/queue/raw'

/** bull-board sets styles from its scripts; nothing here comes from another place either. */
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** What of a request reaches bull-board: nothing that says who asks. */
const handedIn = ['accept', 'accept-language', 'if-none-match', 'if-modified-since', 'range'] as const
const handedOut = ['content-type', 'etag', 'last-modified', 'content-range', 'accept-ranges'] as const

/**
 * The raw view of the queues, below `/queue/raw`, for the role admin. It is only ever read (GET), and is loaded when
 * somebody first asks for it.
 */
export async function rawQueueRoutes(app: FastifyInstance, { queues }: { queues: Queues }) {
  let board: Promise<FastifyInstance> | undefined
  const openBoard = () => {
    board ??= import('./board.ts').then(({ buildBoard }) => buildBoard(queues, basePath))
    return board
  }
  app.addHook('onClose', async () => (await board)?.close())

  const show = async (request: FastifyRequest, reply: FastifyReply) => {
    const { url, headers } = request
    const answer = await (await openBoard()).inject({
      method: 'GET',
      url: url.slice(basePath.length) || '/',
      headers: Object.fromEntries(handedIn.flatMap((name) => (headers[name] ? [[name, headers[name]]] : []))),
    })
    for (const name of handedOut) if (answer.headers[name]) reply.header(name, answer.headers[name])
    reply.header('Content-Security-Policy', policy)
    return reply.code(answer.statusCode).send(answer.rawPayload)
  }
  app.get(basePath, { config: { role: 'admin' } }, show)
  app.get(`${basePath}/*`, { config: { role: 'admin' } }, show)
}
