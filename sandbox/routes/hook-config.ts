import type { Handler } from '../api.ts'
import { presentHook } from '../present/hook.ts'
import { hookOf, now } from '../world.ts'
import { bodyOf, ok, repositoryOf } from './call.ts'

interface HookConfig {
  url?: string
  content_type?: string
  secret?: string
  insecure_ssl?: string | number
}

export const hookConfig: Record<string, Handler> = {
  // What is left out stays as it is, the secret too, unlike with the whole hook.
  'repos/update-webhook-config-for-repo': (call) => {
    const repository = repositoryOf(call)
    const hook = hookOf(repository, Number(call.params.hook_id))
    const { url, content_type, secret, insecure_ssl } = bodyOf<HookConfig>(call)
    if (url !== undefined) hook.url = url
    if (content_type !== undefined) hook.contentType = content_type === 'json' ? 'json' : 'form'
    if (secret !== undefined) hook.secret = secret
    if (insecure_ssl !== undefined) hook.insecureSsl = String(insecure_ssl)
    hook.updatedAt = now()
    return ok(presentHook(call.world, repository, hook).config)
  },
}
