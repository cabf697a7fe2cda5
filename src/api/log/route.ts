import { Readable } from 'node:stream'
import { z } from 'zod'
import type { LogId } from '../../deployments/log.ts'
import type { ApiApp } from '../../openapi/schemas.ts'
import type { Redis } from '../../redis/redis.ts'
import { answerEvents, lastEventId } from '../answer-events.ts'
import { resumeHeaders } from '../schema/terms.ts'
import { followLog, type LogSources, readLines } from './follow.ts'
import { createLogWatch, type WatchedKeys } from './watch.ts'

/** The path parameters that name something of a repository. */
interface Params {
  owner: string
  repo: string
  id: string
}

interface DocumentedLog {
  operationId: string
  tag: string
  summary: string
  params: z.ZodObject
}

/** Logs of one kind of thing. */
export interface LogRouteOptions<Id extends LogId> extends LogSources<Id> {
  /** The path of the things, below which each has a log: `/deployments`. */
  of: string
  /** What the OpenAPI document says of the route; it is not in it unless given. */
  documented?: DocumentedLog
  redis: Redis
  keys: WatchedKeys
  /** Makes what turns a line into what its followers are sent; they are sent its text unless given. */
  presenter?: () => (text: string) => string
  /** The id of what a path names; throws a Refusal if there is nothing. */
  find(params: Params): Promise<Id>
}

const response = {
  200: {
    description:
      "The lines; or, followed live, a `message` for each, its id the line's, and an `end` with the state.",
    content: { 'text/plain': { schema: z.string() }, 'text/event-stream': { schema: z.string() } },
  },
}

/** `GET /api/{of}/{owner}/{repo}/{id}/log`: the log as text, or followed live as server-sent events. */
export async function logRoute<Id extends LogId>(app: ApiApp, sources: LogRouteOptions<Id>) {
  const watch = createLogWatch(sources.redis, sources.keys)
  // Else those who follow would keep the server from ending.
  app.addHook('preClose', async () => watch.close())

  app.get<{ Params: Params; Querystring: { after?: string } }>(
    `${sources.of}/:owner/:repo/:id/log`,
    {
      exposeHeadRoute: false,
      config: { role: 'viewer' },
      ...(sources.documented ? { schema: describe(sources.documented) } : {}),
    },
    async (request, reply) => {
      const id = await sources.find(request.params)
      // What a program wrote is text, whatever it looks like.
      reply.headers({ Vary: 'Accept', 'X-Content-Type-Options': 'nosniff' })
      if (!/\btext\/event-stream\b/i.test(request.headers.accept ?? '')) {
        return reply.type('text/plain; charset=utf-8').send(Readable.from(asText(sources, id)))
      }
      const after = lastEventId(request, request.query.after)
      return answerEvents(request, reply, (signal) =>
        followLog(sources, watch, id, { after, signal, present: sources.presenter?.() }),
      )
    },
  )
}

function describe({ operationId, tag, summary, params }: DocumentedLog) {
  return {
    operationId,
    tags: [tag],
    summary,
    description: 'With `Accept: text/event-stream`, it is followed live, from `Last-Event-ID` on.',
    documented: { params, headers: resumeHeaders, response },
  }
}

async function* asText<Id extends LogId>(sources: LogSources<Id>, id: Id) {
  for await (const lines of readLines(sources, id)) {
    yield lines.map(({ text }) => `${text}\n`).join('')
  }
}
