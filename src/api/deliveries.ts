import { z } from 'zod'
import { outcomes } from '../deliveries/arrival.ts'
import type { TracedArrival } from '../deliveries/trace-entry.ts'
import { Refusal } from '../errors/refusal.ts'
import type { ApiApp } from '../openapi/schemas.ts'
import { limit, nextPage, oneOf, repositoryName, streamId, text } from './query.ts'
import { arrivalSchema, deliverySchema, type PresentedArrival } from './schema/delivery.ts'
import { ofDelivery, pageOf } from './schema/terms.ts'
import type { Sources } from './sources.ts'

const listed = {
  operationId: 'listDeliveries',
  tags: ['deliveries'],
  summary: 'Webhooks that came in, newest first, and what became of each',
  querystring: z.strictObject({
    repository: repositoryName.optional(),
    event: text.optional(),
    outcome: oneOf(outcomes).optional(),
    limit,
    before: streamId.optional(),
  }),
  response: { 200: pageOf('deliveries', arrivalSchema) },
}

const one = {
  operationId: 'getDelivery',
  tags: ['deliveries'],
  summary: 'A delivery, with all its arrivals: a redelivery is another',
  params: ofDelivery,
  response: { 200: deliverySchema },
}

/** One GUID is not sent more often than this. */
const arrivalsOfOne = 200

/** `GET /api/deliveries` and `/api/deliveries/{guid}`: what came in, and what became of it. */
export async function deliveryRoutes(app: ApiApp, { trace, repositories, publicUrl }: Sources) {
  const list = { config: { role: 'viewer', listsRepository: true }, schema: listed } as const
  app.get('/deliveries', list, async (request) => {
    const { repository, limit, before, ...filter } = request.query
    const known = repository === undefined ? undefined : await repositories.named(repository)
    if (repository !== undefined && known === undefined) return { deliveries: [], next: null }
    const { arrivals, next } = await trace.list({ ...filter, repositoryId: known?.id }, limit, before)
    return {
      deliveries: arrivals.map(presentArrival),
      next: nextPage(`${publicUrl}${request.url}`, next),
    }
  })

  app.get('/deliveries/:guid', { config: { role: 'viewer' }, schema: one }, async (request) => {
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
export function presentArrival(arrival: TracedArrival): PresentedArrival {
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
