import type { Repository } from '../jobs/job.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'

/** A webhook of a repository. */
export interface Hook {
  id: number
  url: string
  active: boolean
  events: string[]
}

/** One attempt to deliver an event; a redelivery is an attempt of its own with the same GUID. */
export interface DeliveryAttempt {
  /** Larger than what a JavaScript number holds, hence text. */
  id: string
  guid: string
  event: string
  action: string | null
  /** `OK`, or what went wrong in words. */
  status: string
  /** 0 where no answer came. */
  statusCode: number
  /** Milliseconds since 1970. */
  deliveredAt: number
  /** What it is about; null: no repository. */
  repositoryId: number | null
}

/** A repository's webhooks. A token needs the right to administer them to read them. */
export async function listHooks(github: GitHub, { owner, name }: Repository): Promise<Hook[]> {
  const { data } = await github.rest.repos.listWebhooks({ owner, repo: name, per_page: 100 })
  return data.map(({ id, config, active, events }) => ({ id, url: config.url ?? '', active, events }))
}

/**
 * One page of a hook's attempts, newest first, and the cursor of the next page if there is one. GitHub keeps
 * them for three days (Enterprise Server: seven).
 */
export async function listAttempts(
  github: GitHub,
  { owner, name }: Repository,
  hookId: number,
  cursor?: string,
): Promise<{ attempts: DeliveryAttempt[]; next: string | undefined }> {
  const { data, headers } = await askForAttempts(github, {
    owner,
    repo: name,
    hook_id: hookId,
    per_page: 100,
    ...(cursor === undefined ? {} : { cursor }),
  })
  return { attempts: data.map(toAttempt), next: nextCursor(headers.link ?? '') }
}

type ListedDelivery = Awaited<ReturnType<GitHub['rest']['repos']['listWebhookDeliveries']>>['data'][number]

function toAttempt(listed: ListedDelivery): DeliveryAttempt {
  const { id, guid, event, action, status, status_code, delivered_at, repository_id } = listed
  return {
    ...{ id: String(id), guid, event, action, status, statusCode: status_code },
    deliveredAt: Date.parse(delivered_at),
    repositoryId: repository_id,
  }
}

/** The webhook of the App that we are: GitHub gives it no id. */
export async function getAppHook(github: GitHub): Promise<Hook> {
  const [{ data: config }, { data: app }] = await Promise.all([
    github.rest.apps.getWebhookConfigForApp(),
    github.rest.apps.getAuthenticated(),
  ])
  const url = config.url ?? ''
  return { id: 0, url, active: url !== '', events: app?.events ?? [] }
}

/** One page of the attempts of our App's webhook, as {@link listAttempts} gives those of a repository's. */
export async function listAppAttempts(
  github: GitHub,
  cursor?: string,
): Promise<{ attempts: DeliveryAttempt[]; next: string | undefined }> {
  const { data, headers } = await github.rest.apps.listWebhookDeliveries({
    per_page: 100,
    ...(cursor === undefined ? {} : { cursor }),
  })
  return { attempts: data.map(toAttempt), next: nextCursor(headers.link ?? '') }
}

/** Asks GitHub to deliver an event of our App's webhook once more. */
export async function redeliverOfApp(github: GitHub, attemptId: string): Promise<void> {
  const url = '/app/hook/deliveries/{delivery_id}/attempts'
  await github.request({ method: 'POST', url, delivery_id: attemptId })
}

type AttemptsAsked = Parameters<GitHub['rest']['repos']['listWebhookDeliveries']>[0]

/** An Enterprise Server that does not tell of them has none for us. */
async function askForAttempts(github: GitHub, asked: AttemptsAsked) {
  try {
    return await github.rest.repos.listWebhookDeliveries(asked)
  } catch (error) {
    if (error instanceof GitHubRefusal && error.missing === 'deliveries')
      return { data: [], headers: { link: '' } }
    throw error
  }
}

/** Asks GitHub to deliver an event once more. */
export async function redeliver(
  github: GitHub,
  { owner, name }: Repository,
  hookId: number,
  attemptId: string,
): Promise<void> {
  // By its address, since the typed call takes the id as a number.
  const url = '/repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts'
  await github.request({ method: 'POST', url, owner, repo: name, hook_id: hookId, delivery_id: attemptId })
}

function nextCursor(link: string): string | undefined {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link)?.[1]
  return next === undefined ? undefined : (new URL(next).searchParams.get('cursor') ?? undefined)
}
