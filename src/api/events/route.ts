import { z } from 'zod'
import { Refusal } from '../../errors/refusal.ts'
import type { Feed } from '../../feed/feed.ts'
import type { ApiApp } from '../../openapi/schemas.ts'
import { answerEvents, lastEventId } from '../answer-events.ts'
import { event } from '../log/event-stream.ts'
import { deploymentId, repositoryName, text } from '../query.ts'
import { eventSchema } from '../schema/event.ts'
import { resumeHeaders } from '../schema/terms.ts'
import type { Sources } from '../sources.ts'
import { type ChangeFilter, concerns } from './concerns.ts'
import { createPresentChange, type PresentChange } from './present-change.ts'
import { withHeartbeat } from './with-heartbeat.ts'

/** How long a proxy may hear nothing before it cuts the connection, and we notice a reader that is gone. */
const heartbeatMs = 15_000
/** Each follower is a connection that stays: this many are enough for a large team, and harmless. */
const usualMost = 500

export interface EventsOptions {
  /** So many may follow at a time. */
  mostFollowers?: number | undefined
}

const schema = {
  operationId: 'followEvents',
  tags: ['events'],
  summary: 'All that changes, as it changes',
  description:
    'Server-sent events without an end. Each says what it is about, not what has become of it: that is to be read then.',
  querystring: z.strictObject({
    repository: repositoryName.optional(),
    environment: text.optional(),
    deployment: deploymentId.optional(),
  }),
  documented: {
    headers: resumeHeaders,
    response: {
      200: {
        description: "Events; the event's name is its kind, its data such a JSON object.",
        content: { 'text/event-stream': { schema: eventSchema } },
      },
    },
  },
}

/** `GET /api/events`: the feed as server-sent events. */
export async function eventsRoute(
  app: ApiApp,
  { feed, repositories, records, mostFollowers = usualMost }: Sources & EventsOptions,
) {
  const present = createPresentChange(repositories, records)
  let followers = 0
  // Else those who follow would keep the server from ending.
  app.addHook('preClose', async () => feed.close())

  app.get(
    '/events',
    { exposeHeadRoute: false, config: { role: 'viewer' }, schema },
    async (request, reply) => {
      if (followers >= mostFollowers) throw tooMany(mostFollowers)
      followers += 1
      reply.raw.once('close', () => {
        followers -= 1
      })
      const after = lastEventId(request) ?? (await feed.last())
      return answerEvents(request, reply, (gone) =>
        withHeartbeat(eventsAfter(after, feed, request.query, present, gone), heartbeatMs),
      )
    },
  )
}

function tooMany(most: number): Refusal {
  const message = `${most} follow the events already, and no more can: try again later, or ask for what you need every few seconds.`
  return new Refusal(503, message, { retryAfterSeconds: 30 })
}

async function* eventsAfter(
  after: string,
  feed: Feed,
  filter: ChangeFilter,
  present: PresentChange,
  gone: AbortSignal,
): AsyncGenerator<string> {
  // The id alone is no event yet: whoever is cut off before the first goes on from here.
  yield `retry: 1000\nid: ${after}\n\n`
  for await (const change of feed.follow(after, gone)) {
    const presented = await present(change)
    if (!concerns(presented, filter)) continue
    yield event({ id: change.id, event: change.kind, data: JSON.stringify(presented) })
  }
}
