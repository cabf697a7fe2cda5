import { randomBytes } from 'node:crypto'
import { notFound, Refusal } from '../refusal.ts'
import { now, type World } from '../world.ts'
import { eventNeeds } from './needs.ts'
import { registerApp } from './register.ts'
import type { AppPermissions, MadeApp } from './state.ts'

/** What is asked for when an App is registered from a manifest. @see https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest#github-app-manifest-parameters */
export interface Manifest {
  name?: string
  url: string
  hook_attributes?: { url?: string; active?: boolean }
  redirect_url?: string
  callback_urls?: string[]
  setup_url?: string
  description?: string
  public?: boolean
  default_events?: string[]
  default_permissions?: AppPermissions
  request_oauth_on_install?: boolean
  setup_on_update?: boolean
}

const known = new Set([
  ...[
    'name',
    'url',
    'hook_attributes',
    'redirect_url',
    'callback_urls',
    'setup_url',
    'description',
    'public',
  ],
  ...['default_events', 'default_permissions', 'request_oauth_on_install', 'setup_on_update'],
])

const codeMs = 3_600_000

/** Reads a manifest as GitHub does, with its complaints. */
export function readManifest(text: string): Manifest {
  let manifest: Manifest
  try {
    manifest = JSON.parse(text) as Manifest
  } catch {
    throw new Refusal(422, 'The manifest is no JSON')
  }
  const problems = [
    ...Object.keys(manifest)
      .filter((name) => !known.has(name))
      .map((name) => `${name} is not a permitted key`),
    ...(URL.canParse(manifest.url ?? '') ? [] : ['url is missing or none']),
    ...(manifest.default_events ?? []).flatMap((event) => complaintAbout(event, manifest)),
  ]
  if (problems.length > 0) throw new Refusal(422, `The manifest cannot be used: ${problems.join('; ')}`)
  return manifest
}

function complaintAbout(event: string, { default_permissions = {} }: Manifest): string[] {
  const needed = eventNeeds[event]
  if (!needed) return [`default_events: ${event} is none that an App may subscribe to here`]
  if (needed.some((permission) => permission in default_permissions)) return []
  return [`default_events: ${event} needs a permission for ${needed.join(' or ')}`]
}

/** Registers the App and gives the code that its secrets can be had for, once. */
export function registerFromManifest(world: World, manifest: Manifest, name: string, owner: string): string {
  const { hook_attributes: hook, default_permissions, default_events } = manifest
  const made = registerApp(world, {
    ...{ name, owner, url: manifest.url },
    ...(default_permissions && { permissions: default_permissions }),
    ...(default_events && { events: default_events }),
    ...(hook?.url && hook.active !== false && { hookUrl: hook.url }),
  })
  const code = randomBytes(20).toString('hex')
  world.apps.codes.set(code, { made, at: now() })
  return code
}

export function takeManifestCode(world: World, code: string): MadeApp {
  const given = world.apps.codes.get(code)
  world.apps.codes.delete(code)
  if (!given || now() - given.at > codeMs) throw notFound()
  return given.made
}
