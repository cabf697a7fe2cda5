import type { Delivery, Hook, Repository } from '../state.ts'
import { apiUrlOf, type World } from '../world.ts'
import { isoSeconds } from './common.ts'

export function presentHook(world: World, repository: Repository, hook: Hook) {
  const url = apiUrlOf(world, repository, `/hooks/${hook.id}`)
  const last = hook.deliveries.at(-1)
  return {
    type: 'Repository',
    id: hook.id,
    name: 'web',
    active: hook.active,
    events: hook.events,
    config: {
      content_type: hook.contentType,
      insecure_ssl: hook.insecureSsl,
      url: hook.url,
      ...(hook.secret ? { secret: '********' } : {}),
    },
    updated_at: isoSeconds(hook.updatedAt),
    created_at: isoSeconds(hook.at),
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: {
      code: last?.statusCode || null,
      status: last ? (last.status === 'OK' ? 'active' : 'error') : 'unused',
      message: last?.status ?? null,
    },
  }
}

export function presentDelivery(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: new Date(delivery.at).toISOString(),
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status ?? 'pending',
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: null,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  }
}

export function presentFullDelivery(hook: Hook, delivery: Delivery) {
  return {
    ...presentDelivery(delivery),
    url: hook.url,
    request: { headers: delivery.requestHeaders, payload: delivery.payload },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  }
}
