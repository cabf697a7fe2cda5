import { createHook, pingHook } from '../acts/repositories.ts'
import type { Call, Handler } from '../api.ts'
import { answerDeliveries } from '../apps/deliveries.ts'
import { redeliver } from '../hooks/send.ts'
import { presentFullDelivery, presentHook } from '../present/hook.ts'
import { validationFailed } from '../refusal.ts'
import type { Delivery, Hook, Repository } from '../state.ts'
import { hookOf, now } from '../world.ts'
import { answerPage, bodyOf, byId, created, ok, repositoryOf } from './call.ts'

interface HookBody {
  config?: { url?: string; content_type?: string; secret?: string; insecure_ssl?: string | number }
  events?: string[]
  add_events?: string[]
  remove_events?: string[]
  active?: boolean
}

export const hooks: Record<string, Handler> = {
  'repos/list-webhooks': (call) => {
    const repository = repositoryOf(call)
    return answerPage(call, repository.hooks, (hook) => presentHook(call.world, repository, hook))
  },

  'repos/create-webhook': (call) => {
    const repository = repositoryOf(call)
    const { config, events, active } = bodyOf<HookBody>(call)
    if (!config?.url)
      throw validationFailed('Hook', 'url', 'missing_field', 'Config must contain URL for webhooks')
    if (repository.hooks.some((hook) => hook.url === config.url)) {
      throw validationFailed('Hook', 'hook', 'custom', 'Hook already exists on this repository')
    }
    const hook = createHook(call.world, repository, {
      url: config.url,
      secret: config.secret ?? null,
      contentType: config.content_type === 'json' ? 'json' : 'form',
      insecureSsl: String(config.insecure_ssl ?? '0'),
      active: active ?? true,
      ...(events ? { events } : {}),
    })
    return created(presentHook(call.world, repository, hook))
  },

  'repos/get-webhook': (call) => {
    const { repository, hook } = hookCalled(call)
    return ok(presentHook(call.world, repository, hook))
  },

  'repos/update-webhook': (call) => {
    const { repository, hook } = hookCalled(call)
    const { config, events, add_events = [], remove_events = [], active } = bodyOf<HookBody>(call)
    const kept = [...(events ?? hook.events), ...add_events].filter((event) => !remove_events.includes(event))
    hook.events = [...new Set(kept)]
    hook.active = active ?? hook.active
    hook.url = config?.url ?? hook.url
    if (config) hook.contentType = config.content_type === 'json' ? 'json' : 'form'
    // A config without the secret takes the secret away, as GitHub does.
    if (config) hook.secret = config.secret ?? null
    hook.updatedAt = now()
    return ok(presentHook(call.world, repository, hook))
  },

  'repos/delete-webhook': (call) => {
    const { repository, hook } = hookCalled(call)
    repository.hooks.splice(repository.hooks.indexOf(hook), 1)
    return { status: 204 }
  },

  'repos/ping-webhook': (call) => {
    const { repository, hook } = hookCalled(call)
    pingHook(call.world, repository, hook)
    return { status: 204 }
  },

  'repos/list-webhook-deliveries': (call) => {
    const { hook } = hookCalled(call)
    return answerDeliveries(call, hook)
  },

  'repos/get-webhook-delivery': (call) => {
    const { hook, delivery } = deliveryCalled(call)
    return ok(presentFullDelivery(hook, delivery))
  },

  'repos/redeliver-webhook-delivery': (call) => {
    const { hook, delivery } = deliveryCalled(call)
    redeliver(call.world, hook, delivery)
    return { status: 202, body: {} }
  },
}

function hookCalled(call: Call): { repository: Repository; hook: Hook } {
  const repository = repositoryOf(call)
  return { repository, hook: hookOf(repository, Number(call.params.hook_id)) }
}

function deliveryCalled(call: Call): { hook: Hook; delivery: Delivery } {
  const { hook } = hookCalled(call)
  return { hook, delivery: byId(hook.deliveries, call.params.delivery_id) }
}
