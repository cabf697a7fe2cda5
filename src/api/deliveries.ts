import type { FastifyInstance } from 'fastify'
import { outcomes } from '../deliveries/arrival.ts'
import type { TracedArrival } from '../deliveries/trace.ts'
import { Refusal } from '../refusal.ts'
import { limit, nextPage, oneOf, readQuery, repositoryName, streamId, text } from './query.ts'
import type { Sources } from './sources.ts'

const query = {
  repository: repositoryName.optional(),
  event: text.optional(),
  outcome: oneOf(outcomes).optional(),
  limit,
  before: streamId.optional(),
}

/** One GUID is not sent more often than this. */
const arrivalsOfOne = 200

/** `GET /api/deliveries` and `/api/deliveries/{guid}`: what came in, and what became of it. */
export async function deliveryRoutes(app: FastifyInstance, { trace, repositories, publicUrl }: Sources) {
  app.get('/deliveries', { config: { role: 'viewer', listsRepository: true } }, async (request) => {
    const { repository, limit, before, ...filter } = readQuery(query, request.query)
    const known = repository === undefined ? undefined : await repositories.named(repository)
    if (repository !== undefined && known === undefined) return { deliveries: [], next: null }
    const { arrivals, next } = await trace.list({ ...filter, repositoryId: known?.id }, limit, before)
    return {
      deliveries: arrivals.map(presentArrival),
      next: nextPage(`${publicUrl}${request.url}`, next),
    }
  })

  const one = { config: { role: 'viewer' } } as const
  app.get<{ Params: { guid: string } }>('/deliveries/:guid', one, async (request) => {
    const { guid } = request.params
    const { arrivals } = await trace.list({ guid }, arrivalsOfOne)
    if (arrivals.length === 0) {
      throw new Refusal(
        404,
        `No delivery ${guid} is in the trace: it never arrived, was not signed with our secret, or is too long ago.`,
      )
    }
    return { delivery: guid, arrivals: arrivals.map(presentArrival) }
  })
}

/** An arrival as the API gives it. */
export function presentArrival(arrival: TracedArrival) {
  return {
    id: arrival.id,
    delivery: arrival.guid,
    event: arrival.event,
    action: arrival.action ?? null,
    repository: arrival.repository?.fullName ?? null,
    repositoryId: arrival.repository?.id ?? null,
    sender: arrival.sender ?? null,
    outcome: arrival.outcome,
    reason: arrival.reason ?? null,
    jobs: arrival.jobs,
    receivedAt: new Date(arrival.at).toISOString(),
  }
}
