import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { manifestOf } from '../../github/app/needs.ts'
import type { SetupSettings } from '../../settings/setup.ts'
import { Overdue, within } from '../../within.ts'
import { showInBrowser } from '../browser.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { isTerminal, note, print } from '../terminal.ts'
import { askGitHub } from './ask-github.ts'
import { writeDotEnv, writePrivately } from './env-file.ts'
import { type Made, serveManifest } from './manifest-server.ts'

export interface MakeAppOptions {
  /** Whose the App is to be; undefined: of whoever makes it. */
  organization?: string | undefined
  name?: string | undefined
  port: number
  webhookUrl?: string | undefined
  force: boolean
  /** GitHub gives the code for an hour. */
  limitMs?: number
}

/** GitHub takes no longer name. */
const longestName = 34
const keyFile = '.livraison/github-app.pem'
const hourMs = 3_600_000

/** Has somebody make the App at GitHub, in a browser, and stores what it signs in with. */
export async function makeApp(settings: SetupSettings, options: MakeAppOptions): Promise<void> {
  const { organization, force, limitMs = hourMs } = options
  if (!force) refuseToReplace(settings)
  const places = placesOf(settings, options)
  const account = organization === undefined ? '' : `/organizations/${encodeURIComponent(organization)}`
  const server = await serveManifest({
    port: options.port,
    formUrl: `${settings.githubServerUrl}${account}/settings/apps/new`,
    manifest: (redirectUrl) =>
      manifestOf({ ...places, redirectUrl, name: nameOf(options, places.publicUrl) }),
    take: (code) => exchange(settings, code),
  })
  try {
    note('Open this page in a browser on this machine, and go on from there to GitHub:')
    print(server.url)
    if (isTerminal()) showInBrowser(server.url)
    tellNext(
      await within(limitMs, server.done, 'GitHub gives an hour for this, and it is over: begin again.'),
    )
  } catch (error) {
    throw error instanceof Overdue ? new Stop(exitStatus.tooLate, error.message) : error
  } finally {
    await server.close()
  }
}

function refuseToReplace({ hasApp }: SetupSettings): void {
  const there = hasApp ? 'GITHUB_APP_ID is set' : existsSync(keyFile) ? `${keyFile} is there` : undefined
  if (there === undefined) return
  throw new Stop(exitStatus.refused, `${there}: there is an App already. --force puts another in its place.`)
}

/** Where people and GitHub reach us; what GitHub would not take is refused at once. */
function placesOf(settings: SetupSettings, { webhookUrl }: MakeAppOptions) {
  const { publicUrl = `http://localhost:${settings.port}`, githubServerUrl } = settings
  if (settings.publicUrl === undefined && webhookUrl === undefined) {
    throw new Stop(
      exitStatus.askedWrongly,
      'GitHub must know where to deliver: put PUBLIC_URL=https://... into .env, or name a channel with --webhook-url.',
    )
  }
  const delivered = new URL(webhookUrl ?? publicUrl)
  if (githubServerUrl === 'https://github.com' && isOnThisMachine(delivered)) {
    throw new Stop(
      exitStatus.askedWrongly,
      `GitHub cannot reach ${delivered.host}: set PUBLIC_URL to an address that it can, or name a channel with --webhook-url.`,
    )
  }
  return { publicUrl, webhookUrl }
}

function isOnThisMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}

/** Whoever makes the App may still change it, and must where another has it. */
function nameOf({ name, organization }: MakeAppOptions, publicUrl: string): string {
  return (name ?? `Livraison ${organization ?? new URL(publicUrl).hostname}`).slice(0, longestName).trim()
}

const answerSchema = z.object({
  id: z.int(),
  name: z.string(),
  html_url: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
  webhook_secret: z.string().nullable(),
  pem: z.string(),
})

/** @see https://docs.github.com/en/rest/apps/apps#create-a-github-app-from-a-manifest */
async function exchange(settings: SetupSettings, code: string): Promise<Made> {
  const path = `/app-manifests/${encodeURIComponent(code)}/conversions`
  const { status, message, body } = await askGitHub(settings, path, { method: 'POST' })
  const read = answerSchema.safeParse(body)
  if (status !== 201 || !read.success) {
    const todo = 'delete the App in its settings at GitHub, and begin again'
    throw new Stop(exitStatus.refused, `GitHub gives no key for the code (${status} ${message}): ${todo}.`)
  }
  const app = read.data
  mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 })
  writePrivately(keyFile, app.pem)
  writeDotEnv({
    GITHUB_APP_ID: String(app.id),
    GITHUB_APP_PRIVATE_KEY_FILE: keyFile,
    ...(app.webhook_secret && {
      // Webhooks of repositories that are there go on to be heard.
      GITHUB_WEBHOOK_SECRET: [app.webhook_secret, ...settings.webhookSecrets].join(','),
    }),
    ...(settings.hasOAuth
      ? {}
      : { GITHUB_OAUTH_CLIENT_ID: app.client_id, GITHUB_OAUTH_CLIENT_SECRET: app.client_secret }),
  })
  return { name: app.name, installUrl: `${app.html_url}/installations/new` }
}

function tellNext({ name, installUrl }: Made): void {
  print(
    `The GitHub App ${name} is made. Its key is in ${keyFile}, its id and secrets are in .env; only you may read them.`,
  )
  print()
  print('Next:')
  print(`  1. Install it on your repositories: ${installUrl}`)
  print('  2. Start Livraison: npm start')
  print('  3. livraison doctor says whether all is as it should be.')
}
