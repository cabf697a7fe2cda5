import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { comment, event } from '../api/log/event-stream.ts'
import { streamId, text } from '../api/query.ts'
import type { Change, Feed } from '../feed/feed.ts'
import { readQuery } from './read-query.ts'

/** What a change must be about to make a page be read anew; nothing means any change but that a delivery came. */
export interface LiveScope {
  repositoryId?: number | undefined
  environment?: string | undefined
  deployment?: number | undefined
  /** Deliveries come often, and few pages show them. */
  deliveries?: boolean | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The newest change before anything of the page was read: what comes after it may be missing there. */
    changesUntil: string
  }
}

const number = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
const query = z.strictObject({
  after: streamId,
  repository: number.optional(),
  environment: text.optional(),
  deployment: number.optional(),
  deliveries: z.literal('yes').optional(),
})

/** How long a proxy may hear nothing before it cuts the connection. */
const heartbeatMs = 15_000

/** `GET /live`: says that something has changed, to pages that then read themselves anew. */
export async function liveRoute(app: FastifyInstance, { feed }: { feed: Feed }) {
  app.get('/live', { exposeHeadRoute: false, config: { role: 'viewer' } }, async (request, reply) => {
    const { after, repository, deliveries, ...rest } = readQuery(query, request.query)
    const scope = { repositoryId: repository, deliveries: deliveries === 'yes', ...rest }
    const gone = new AbortController()
    reply.raw.on('close', () => gone.abort())
    reply.headers({ 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', Connection: 'close' })
    reply.type('text/event-stream; charset=utf-8')
    return reply.send(Readable.from(tell(feed, after, scope, gone.signal)))
  })
}

/** Where a page is told that what it shows has changed. Pure. */
export function liveAddress({ repositoryId, deliveries, ...scope }: LiveScope, after: string): string {
  const query = { after, repository: repositoryId, deliveries: deliveries ? 'yes' : undefined, ...scope }
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return `/live?${new URLSearchParams(given)}`
}

/** Whether a change makes a page of this scope old. What is on everything, or a whole repository, is about each. Pure. */
export function concerns(change: Change, scope: LiveScope): boolean {
  if (change.kind === 'missed') return true
  if (change.kind === 'delivery') return scope.deliveries === true
  const matches = <T>(is: T | undefined, wanted: T | undefined) =>
    is === undefined || wanted === undefined || is === wanted
  return (
    matches(change.repositoryId, scope.repositoryId) &&
    matches(change.environment, scope.environment) &&
    matches(change.deployment, scope.deployment)
  )
}

async function* tell(feed: Feed, after: string, scope: LiveScope, signal: AbortSignal) {
  // At once: the browser takes the connection for open when it has got something.
  yield comment('here')
  for await (const change of withHeartbeat(feed.follow(after, signal))) {
    if (change === undefined) yield comment('still here')
    else if (concerns(change, scope)) yield event({ id: change.id, event: 'change', data: change.kind })
  }
}

/** What comes, and undefined whenever nothing has come for a while. */
async function* withHeartbeat<T>(source: AsyncIterable<T>): AsyncGenerator<T | undefined> {
  const iterator = source[Symbol.asyncIterator]()
  try {
    for (let next = iterator.next(); ; ) {
      const timer = new AbortController()
      const silence = sleep(heartbeatMs, undefined, { signal: timer.signal }).catch(() => undefined)
      const result = await Promise.race([next, silence])
      timer.abort()
      if (result?.done) return
      yield result?.value
      if (result) next = iterator.next()
    }
  } finally {
    await iterator.return?.()
  }
}
