import { EventEmitter } from 'node:events'
import { type Apps, createApps } from './apps/state.ts'
import type { Edition } from './edition.ts'
import { createOAuthApp, type OAuthApp } from './oauth/app.ts'
import { notFound, Refusal } from './refusal.ts'
import type { App, Delivery, Hook, Login, Pull, Repository, User } from './state.ts'

export { now } from './clock.ts'

/** Everything one running sandbox holds. */
export interface World {
  url: string
  apiUrl: string
  dataDir: string
  /** Who acts by the API token. */
  bot: User
  users: Map<string, User>
  repositories: Map<number, Repository>
  /** Full names in lower case, old ones included, to repository ids. */
  names: Map<string, number>
  /** By `organization/slug` and by name, in lower case. */
  teams: Map<string, Set<Login>>
  organizations: Map<string, Set<Login>>
  oauth: OAuthApp
  apps: Apps
  deliveries: Delivery[]
  changes: EventEmitter
  sendDelivery: (hook: Hook, delivery: Delivery) => Promise<void>
  lastId: number
  edition: Edition
}

/** A change of state, as `whenever` and the event stream see it. */
export interface Change {
  what: string
  repository?: string
  id?: number | string
  state?: string
}

export const ACTIONS_APP: App = { id: 15368, slug: 'github-actions', name: 'GitHub Actions' }

export function createWorld(dataDir: string, firstId = 100_000, edition: Edition = {}): World {
  const changes = new EventEmitter()
  changes.setMaxListeners(0)
  const world: World = {
    url: '',
    apiUrl: '',
    dataDir,
    bot: { id: 0, login: '', type: 'User' },
    users: new Map(),
    repositories: new Map(),
    names: new Map(),
    teams: new Map(),
    organizations: new Map(),
    oauth: createOAuthApp(),
    apps: createApps(),
    deliveries: [],
    changes,
    sendDelivery: async () => {},
    lastId: firstId,
    edition,
  }
  world.bot = userNamed(world, 'livraison-bot')
  return world
}

export function nextId(world: World): number {
  world.lastId += 1
  return world.lastId
}

export function tell(world: World, change: Change): void {
  world.changes.emit('change', change)
}

/** The user of that login; made when first named. Logins that end in `[bot]` are bots. */
export function userNamed(world: World, login: Login, type?: User['type']): User {
  const key = login.toLowerCase()
  const known = world.users.get(key)
  if (known) return known
  const user: User = { id: nextId(world), login, type: type ?? (login.endsWith('[bot]') ? 'Bot' : 'User') }
  world.users.set(key, user)
  return user
}

export function fullNameOf(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`
}

/** The repository of that full name now; throws GitHub's 404. */
export function repositoryNamed(world: World, fullName: string): Repository {
  const id = world.names.get(fullName.toLowerCase())
  const repository = id === undefined ? undefined : world.repositories.get(id)
  if (!repository) throw notFound()
  return repository
}

/** The repository that once had that full name and has another now; else null. */
export function renamedFrom(world: World, fullName: string): Repository | null {
  const id = world.names.get(fullName.toLowerCase())
  const repository = id === undefined ? undefined : world.repositories.get(id)
  if (!repository || fullNameOf(repository).toLowerCase() === fullName.toLowerCase()) return null
  return repository
}

export function pullNumbered(repository: Repository, number: number): Pull {
  const pull = repository.pulls.get(number)
  if (!pull) throw notFound()
  return pull
}

/** Runs `operation` when all earlier git operations on the repository have ended. */
export function inTurn<T>(repository: Repository, operation: () => Promise<T>): Promise<T> {
  const turn = repository.turn.then(operation)
  repository.turn = turn.catch(() => {})
  return turn
}

/** Makes an address of the API below a repository. */
export function apiUrlOf(world: World, repository: Repository, path = ''): string {
  return `${world.apiUrl}/repos/${fullNameOf(repository)}${path}`
}

export function hookOf(repository: Repository, id: number): Hook {
  const hook = repository.hooks.find((hook) => hook.id === id)
  if (!hook) throw notFound()
  return hook
}

export function refuseUnless(condition: unknown, status: number, message: string): asserts condition {
  if (!condition) throw new Refusal(status, message)
}
