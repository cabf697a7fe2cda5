import type { GitHub } from '../../../github/client.ts'
import type { Repository } from '../../../jobs/job.ts'
import { type HookFacts, type HookFault, missingEvents, type WantedHook } from './judge-hooks.ts'

/** Makes a webhook; gives what was done. */
export async function createHook(
  github: GitHub,
  { owner, name: repo }: Repository,
  { url, events }: WantedHook,
  secret: string,
): Promise<string> {
  await github.rest.repos.createWebhook({
    ...{ owner, repo, name: 'web', active: true, events: [...events] },
    config: { url, content_type: 'json', secret, insecure_ssl: '0' },
  })
  return `made one that sends ${events.join(', ')} to ${url}`
}

/**
 * Mends what is wrong with a webhook; gives what was done. What it sends beside that goes on being sent, and its secret is
 * changed only where that is what is wrong.
 *
 * @see https://docs.github.com/en/rest/repos/webhooks#update-a-webhook-configuration-for-a-repository leaves out what stays
 */
export async function mendHook(
  github: GitHub,
  { owner, name: repo }: Repository,
  hook: HookFacts,
  faults: readonly HookFault[],
  wanted: WantedHook,
  secret: string | undefined,
): Promise<string> {
  const at = { owner, repo, hook_id: hook.id }
  const has = (fault: HookFault) => faults.includes(fault)
  const givesSecret = secret !== undefined && (has('no-secret') || has('wrong-secret'))
  const config = {
    ...(has('url') ? { url: wanted.url } : {}),
    ...(has('form') ? { content_type: 'json' } : {}),
    ...(givesSecret ? { secret } : {}),
  }
  if (Object.keys(config).length > 0) {
    // As data: Octokit would take a parameter of the name url for the address to send all of it to, the token too.
    await github.request('PATCH /repos/{owner}/{repo}/hooks/{hook_id}/config', { ...at, data: config })
  }
  const events = missingEvents(hook, wanted)
  if (has('events') || has('inactive')) {
    await github.rest.repos.updateWebhook({
      ...at,
      ...(has('events') ? { add_events: events } : {}),
      ...(has('inactive') ? { active: true } : {}),
    })
  }
  const done = [
    ...(has('url') ? [`changed its address from ${hook.url} to ${wanted.url}`] : []),
    ...(has('form') ? ['changed its content type to application/json'] : []),
    ...(givesSecret ? ['gave it the secret in GITHUB_WEBHOOK_SECRET'] : []),
    ...(has('events') ? [`added the events ${events.join(', ')}`] : []),
    ...(has('inactive') ? ['switched it on'] : []),
  ]
  return done.join('; ')
}
