import { z } from 'zod'
import { createJwtMaker } from '../../github/app/jwt.ts'
import { type AppLike, findLacking } from '../../github/app/needs.ts'
import type { AppCredentials } from '../../github/credentials.ts'
import { deliversTo } from '../../github/our-hooks.ts'
import { Stop } from '../exit-status.ts'
import { askGitHub, type GitHubPlace } from '../setup/ask-github.ts'
import type { Finding, Mendable } from './finding.ts'

const of = 'GitHub App'

export interface AppToExamine extends GitHubPlace {
  githubApp: AppCredentials
  webhookUrl: string
  webhookSecret: string | undefined
  /** Whether a running receiver has taken our secret. */
  secretIsProven: boolean
}

const permissions = z.record(z.string(), z.string().optional())

const appSchema = z.object({
  name: z.string(),
  html_url: z.string(),
  permissions,
  events: z.array(z.string()),
})

const installationsSchema = z.array(
  z.object({
    account: z.object({ login: z.string() }),
    html_url: z.string(),
    permissions,
    events: z.array(z.string()),
    suspended_at: z.string().nullable(),
  }),
)

export type ListedInstallation = z.output<typeof installationsSchema>[number]

/** Whether the App signs in, may what it must, hears what it must, and is installed. */
export async function examineGithubApp({
  githubApp,
  webhookUrl,
  webhookSecret,
  secretIsProven,
  ...place
}: AppToExamine): Promise<Mendable[]> {
  const token = createJwtMaker(githubApp)(Date.now())
  const ask = (path: string) => askGitHub(place, path, { token })
  try {
    const { status, message, body } = await ask('/app')
    const read = appSchema.safeParse(body)
    if (status !== 200 || !read.success) return [signInFinding(status, message)]
    const { name, html_url } = read.data
    return [
      { level: 'ok', of, text: `signed in as ${name} (${html_url})` },
      ...lackFindings(read.data),
      ...hookFindings((await ask('/app/hook/config')).body, webhookUrl).map((finding) =>
        secretIsProven && finding.level !== 'ok' && webhookSecret !== undefined && finding.isSafe
          ? withMend(finding, () => mendHook(place, token, { url: webhookUrl, secret: webhookSecret }))
          : withMend(finding),
      ),
      ...installationFindings((await ask('/app/installations?per_page=100')).body, html_url),
    ]
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    const todo = 'Look at GITHUB_API_URL and at the way out of this machine.'
    return [{ level: 'fail', of, text: error.message, todo }]
  }
}

/** What it means that GitHub does not take the App. Pure. */
export function signInFinding(status: number, message: string): Finding {
  const text = `GitHub does not take it: it answers ${status}${message ? ` (${message})` : ''}`
  const todo = /claim/i.test(message)
    ? "Set this machine's clock: it differs from GitHub's by minutes."
    : 'GITHUB_APP_ID and the private key must be of one App: make a new key in its settings at GitHub.'
  return { level: 'fail', of, text, todo }
}

/** What the App is not asked to be permitted, or not told of. Pure. */
export function lackFindings(app: AppLike & { html_url: string }): Finding[] {
  const lacking = findLacking(app)
  const todo = `Change that in the App's settings (${app.html_url}), and accept it where it is installed.`
  const permissions = lacking.permissions.map(({ name, access, why }) => `${name}: ${access} (${why})`)
  const events = lacking.events.map(({ name, why }) => `${name} (${why})`)
  return [
    ...(permissions.length > 0
      ? [{ level: 'warn' as const, of, text: `it lacks permissions: ${permissions.join('; ')}`, todo }]
      : []),
    ...(events.length > 0
      ? [{ level: 'warn' as const, of, text: `it is not told of: ${events.join('; ')}`, todo }]
      : []),
  ]
}

const hookSchema = z.object({ url: z.string().optional(), secret: z.string().optional() })

/** A finding about the App's webhook, and whether to set address and secret takes nothing from anybody. */
type HookFinding = Finding & { isSafe?: boolean }

/** How its webhook is. Pure. */
export function hookFindings(body: unknown, webhookUrl: string): HookFinding[] {
  const { url, secret } = hookSchema.safeParse(body).data ?? {}
  const finding = hookFinding(url, webhookUrl)
  if (finding.level !== 'ok') return [{ ...finding, isSafe: !url }]
  if (secret) return [finding]
  const todo = "Give it the secret in GITHUB_WEBHOOK_SECRET, in the App's settings."
  const text = 'its webhook has no secret: what it delivers is refused'
  return [finding, { level: 'fail', of, text, todo, isSafe: true }]
}

function withMend({ isSafe: _isSafe, ...finding }: HookFinding, mend?: () => Promise<string>): Mendable {
  return mend === undefined ? finding : { ...finding, mend }
}

async function mendHook(
  place: GitHubPlace,
  token: string,
  config: { url: string; secret: string },
): Promise<string> {
  const body = { ...config, content_type: 'json' }
  const { status, message } = await askGitHub(place, '/app/hook/config', { method: 'PATCH', token, body })
  if (status !== 200) throw new Error(`GitHub answered ${status}: ${message}`)
  return `its webhook delivers to ${config.url}, signed with the secret in GITHUB_WEBHOOK_SECRET`
}

/** Whether its webhook leads here. Pure. */
export function hookFinding(url: string | undefined, webhookUrl: string): Finding {
  if (url !== undefined && deliversTo(url, webhookUrl)) {
    return { level: 'ok', of, text: `its webhook delivers to ${url}` }
  }
  const text = url ? `its webhook delivers to ${url}, not here` : 'its webhook delivers nowhere'
  const todo = `Set it to ${webhookUrl} in the App's settings, unless repositories have webhooks of their own.`
  return { level: 'warn', of, text, todo }
}

/** Where the App is installed, and where it may not act. Pure. */
export function installationFindings(body: unknown, appUrl: string): Finding[] {
  const read = installationsSchema.safeParse(body)
  if (!read.success)
    return [
      { level: 'warn', of, text: 'GitHub does not say where it is installed', todo: 'Try again later.' },
    ]
  if (read.data.length === 0) {
    return [
      { level: 'fail', of, text: 'it is installed nowhere', todo: `Install it: ${appUrl}/installations/new` },
    ]
  }
  return read.data.map(installationFinding)
}

function installationFinding({ account, suspended_at, html_url, ...granted }: ListedInstallation): Finding {
  const { login } = account
  if (suspended_at !== null) {
    return {
      level: 'fail',
      of,
      text: `it is suspended on ${login}`,
      todo: `Have that lifted at ${html_url}.`,
    }
  }
  const lacking = findLacking(granted).permissions.map(({ name, access }) => `${name}: ${access}`)
  if (lacking.length === 0) return { level: 'ok', of, text: `installed on ${login}` }
  const text = `installed on ${login}, where it may not: ${lacking.join(', ')}`
  return { level: 'warn', of, text, todo: `Accept its new permissions at ${html_url}.` }
}
