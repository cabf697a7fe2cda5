import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { Hook, Repository, User } from '../state.ts'
import { nextId, now, tell, userNamed, type World } from '../world.ts'
import { refuseLongNames } from './names.ts'

export type Access = 'read' | 'write' | 'admin'
/** By GitHub's names: `contents`, `pull_requests`. */
export type AppPermissions = Record<string, Access>

/** A GitHub App that somebody has registered. */
export interface RegisteredApp {
  id: number
  slug: string
  name: string
  owner: User
  /** Its `slug[bot]`, who does what it does. */
  bot: User
  url: string
  clientId: string
  clientSecret: string
  publicKey: KeyObject
  permissions: AppPermissions
  events: string[]
  /** Its own webhook: it hears of all repositories that it is installed on. */
  hook: Hook
  at: number
}

/** An App on the account of somebody. */
export interface Installation {
  id: number
  app: RegisteredApp
  account: User
  /** Ids of the repositories; undefined: all of the account's. */
  selected: Set<number> | undefined
  permissions: AppPermissions
  suspendedAt: number | null
  suspendedBy: User | null
  at: number
}

/** A token that an App was given for an installation. */
export interface InstallationToken {
  token: string
  installation: Installation
  permissions: AppPermissions
  /** Ids of the repositories that it was narrowed to; undefined: all of the installation's. */
  narrowedTo: Set<number> | undefined
  expiresAt: number
  /** What it was used for: operationIds of the API, `git PATH`. */
  uses: string[]
}

/** All Apps of a sandbox. */
export interface Apps {
  registered: Map<number, RegisteredApp>
  installations: Map<number, Installation>
  tokens: Map<string, InstallationToken>
  /** What a code of the manifest flow stands for; it is good for an hour, and once. */
  codes: Map<string, { made: MadeApp; at: number }>
}

/** What is told once, to whoever registered it. */
export interface MadeApp {
  app: RegisteredApp
  privateKey: string
  webhookSecret: string | null
}

export function createApps(): Apps {
  return { registered: new Map(), installations: new Map(), tokens: new Map(), codes: new Map() }
}

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

/** Whether an installation is for this repository, too. */
export function covers({ account, selected }: Installation, repository: Repository): boolean {
  return repository.owner === account && (selected === undefined || selected.has(repository.id))
}
