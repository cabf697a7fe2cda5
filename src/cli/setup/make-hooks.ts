import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { hookEvents } from '../../github/app/needs.ts'
import { deliversTo, webhookUrlOf } from '../../github/our-hooks.ts'
import type { SetupSettings } from '../../settings/setup.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { note, print } from '../terminal.ts'
import { askGitHub, type Question } from './ask-github.ts'
import { writeDotEnv } from './env-file.ts'

/** A repository's webhook, as far as it must be right. */
export interface FoundHook {
  id: number
  active: boolean
  events: string[]
  config: {
    url?: string | undefined
    content_type?: string | undefined
    insecure_ssl?: string | number | undefined
  }
}

const hooksSchema = z.array(
  z.object({
    id: z.int(),
    active: z.boolean(),
    events: z.array(z.string()),
    config: z.object({
      url: z.string().optional(),
      content_type: z.string().optional(),
      insecure_ssl: z.union([z.string(), z.number()]).optional(),
    }),
  }),
)

/** What is wrong with a webhook that delivers to us, in words. Its secret cannot be read. Pure. */
export function faultsOf({ active, events, config }: FoundHook): string[] {
  const missing = events.includes('*') ? [] : hookEvents().filter((event) => !events.includes(event))
  return [
    ...(missing.length > 0 ? [`events (${missing.join(', ')})`] : []),
    ...(config.content_type === 'json' ? [] : ['content type']),
    ...(String(config.insecure_ssl ?? '0') === '0' ? [] : ['certificates, which were not checked']),
    ...(active ? [] : ['it was switched off']),
  ]
}

/** Makes sure that each of these repositories has a webhook to us, and says what it did. */
export async function makeHooks(settings: SetupSettings, repositories: readonly string[]): Promise<void> {
  const { publicUrl, githubToken } = settings
  if (publicUrl === undefined) {
    throw new Stop(
      exitStatus.askedWrongly,
      'GitHub must know where to deliver: put PUBLIC_URL=https://... into .env.',
    )
  }
  if (githubToken === undefined) {
    const todo = 'put a token that may administer webhooks (admin:repo_hook, or "Webhooks: write") into .env'
    throw new Stop(exitStatus.askedWrongly, `GITHUB_TOKEN is not set: ${todo}.`)
  }
  for (const repository of repositories) refuseOddName(repository)
  const secret = settings.webhookSecrets[0] ?? makeSecret()
  const failed: string[] = []
  for (const repository of repositories) {
    const said = await makeHook({ settings, githubToken, publicUrl, secret, repository })
    if (said.isGood) print(`${repository}: ${said.text}`)
    else {
      note(`${repository}: ${said.text}`)
      failed.push(repository)
    }
  }
  if (failed.length > 0) throw new Stop(exitStatus.refused, `No webhook is sure for ${failed.join(', ')}.`)
}

function refuseOddName(repository: string): void {
  if (/^[\w.-]+\/[\w.-]+$/.test(repository)) return
  throw new Stop(exitStatus.askedWrongly, `${repository} is no repository: write OWNER/NAME.`)
}

function makeSecret(): string {
  const secret = randomBytes(32).toString('hex')
  writeDotEnv({ GITHUB_WEBHOOK_SECRET: secret })
  print('A secret for the webhooks is made; it is in .env, as GITHUB_WEBHOOK_SECRET.')
  return secret
}

interface HookWish {
  settings: SetupSettings
  githubToken: string
  publicUrl: string
  secret: string
  repository: string
}

async function makeHook(wish: HookWish): Promise<{ isGood: boolean; text: string }> {
  const { settings, publicUrl, secret } = wish
  const webhookUrl = webhookUrlOf(publicUrl, settings.tunnelUrl)
  const listed = await ask(wish, '?per_page=100')
  const hooks = hooksSchema.safeParse(listed.body)
  if (listed.status !== 200 || !hooks.success) return { isGood: false, text: refusal(listed) }
  const [ours, ...others] = hooks.data.filter(({ config }) => deliversTo(config.url ?? '', webhookUrl))
  const url = ours?.config.url ?? webhookUrl
  const config = { url, content_type: 'json', insecure_ssl: '0', secret }
  const events = [...new Set([...(ours?.events ?? []), ...hookEvents()])]
  const body = { config, events: ours?.events.includes('*') ? ['*'] : events, active: true }
  const written = ours
    ? await ask(wish, `/${ours.id}`, { method: 'PATCH', body })
    : await ask(wish, '', { method: 'POST', body: { ...body, name: 'web' } })
  if (written.status >= 300) return { isGood: false, text: refusal(written) }
  const more = others.length > 0 ? ` ${others.length} more deliver to the same address: delete them.` : ''
  return { isGood: true, text: `${wordsFor(ours)}${more}` }
}

function wordsFor(ours: FoundHook | undefined): string {
  if (ours === undefined) return 'a webhook is made.'
  const faults = faultsOf(ours)
  if (faults.length === 0) return 'its webhook is as it should be; the secret was set again.'
  return `its webhook is mended: ${faults.join('; ')}. The secret was set again.`
}

function ask({ settings, githubToken, repository }: HookWish, path: string, question: Question = {}) {
  return askGitHub(settings, `/repos/${repository}/hooks${path}`, {
    ...question,
    token: githubToken,
  })
}

function refusal({ status, message }: { status: number; message: string }): string {
  const answered = `GitHub answers ${status}${message ? ` (${message})` : ''}`
  if (status === 401) return `${answered}: the token in GITHUB_TOKEN is not valid.`
  if (status === 403 || status === 404) {
    const right = 'admin:repo_hook, or "Webhooks: write"'
    return `${answered}: there is no such repository, or the token may not administer its webhooks (${right}).`
  }
  return `${answered}.`
}
