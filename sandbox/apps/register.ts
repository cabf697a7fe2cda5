import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Hook } from '../state.ts'
import { nextId, now, tell, userNamed, type World } from '../world.ts'
import { refuseLongNames } from './names.ts'
import type { AppPermissions, Installation, MadeApp, RegisteredApp } from './state.ts'

export interface AppRequest {
  name: string
  owner: string
  url?: string
  permissions?: AppPermissions
  events?: string[]
  /** Where its webhook delivers to; none, and it delivers nothing. */
  hookUrl?: string
  webhookSecret?: string
}

/** Registers an App, with a key of its own. */
export function registerApp(world: World, request: AppRequest): MadeApp {
  const { name, owner, permissions = {}, events = [], hookUrl, url = 'https://app.example' } = request
  refuseLongNames(world, name)
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const webhookSecret = request.webhookSecret ?? randomBytes(20).toString('hex')
  const slug = slugOf(name)
  const id = nextId(world)
  const app: RegisteredApp = {
    ...{ id, slug, name, url, events, publicKey },
    owner: userNamed(world, owner),
    bot: userNamed(world, `${slug}[bot]`, 'Bot'),
    clientId: `Iv23${randomBytes(8).toString('hex')}`,
    clientSecret: randomBytes(20).toString('hex'),
    // Whoever may anything may read what a repository is.
    permissions: { metadata: 'read', ...permissions },
    hook: hookOf(id, hookUrl, webhookSecret, events),
    at: now(),
  }
  world.apps.registered.set(id, app)
  tell(world, { what: 'app registered', id })
  // What GitHub gives is PKCS#1.
  return { app, privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(), webhookSecret }
}

function hookOf(id: number, url: string | undefined, secret: string | null, events: string[]): Hook {
  return {
    ...{ id, appId: id, secret, events, repositoryId: 0, active: url !== undefined, url: url ?? '' },
    ...{ contentType: 'json', insecureSsl: '0', at: now(), updatedAt: now(), deliveries: [] },
  }
}

export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/** The account's installation of an App, if it has one. */
export function installationOn(world: World, app: RegisteredApp, login: string): Installation | undefined {
  return [...world.apps.installations.values()].find(
    (each) => each.app === app && each.account.login.toLowerCase() === login.toLowerCase(),
  )
}
