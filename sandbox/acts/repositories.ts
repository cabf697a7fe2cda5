import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { allowWhatGitHubAllows, commitFiles, createBareRepository, type Files } from '../git/commit.ts'
import { type Author, git } from '../git/git.ts'
import { deliver } from '../hooks/send.ts'
import { presentUser } from '../present/common.ts'
import { presentHook } from '../present/hook.ts'
import { presentRepository } from '../present/repository.ts'
import { Refusal } from '../refusal.ts'
import type { Hook, Repository, User } from '../state.ts'
import { fullNameOf, nextId, now, tell, userNamed, type World } from '../world.ts'

export function authorOf(user: User): Author {
  return { name: user.login, email: `${user.login}@users.noreply.sandbox.test` }
}

/** Creates a repository with a first commit on its default branch. */
export async function createRepository(
  world: World,
  {
    owner,
    name,
    files,
    defaultBranch = 'main',
  }: {
    owner: string
    name: string
    files?: Files
    defaultBranch?: string
  },
): Promise<Repository> {
  const repository = blankRepository(world, userNamed(world, owner, 'Organization'), name, defaultBranch)
  await createBareRepository(repository.gitDir, defaultBranch)
  const sha = await commitFiles(repository.gitDir, {
    ref: `refs/heads/${defaultBranch}`,
    parent: null,
    files: files ?? { 'README.md': `# ${name}\n` },
    message: 'Initial commit',
    author: authorOf(repository.owner),
  })
  repository.branches.set(defaultBranch, sha)
  return register(world, repository)
}

/** The fork of a repository below a user; made when first asked for. */
export async function forkRepository(world: World, parent: Repository, owner: User): Promise<Repository> {
  const known = world.names.get(`${owner.login}/${parent.name}`.toLowerCase())
  const existing = known === undefined ? undefined : world.repositories.get(known)
  if (existing) return existing
  const fork = blankRepository(world, owner, parent.name, parent.defaultBranch)
  fork.parent = parent
  await git(parent.gitDir, ['clone', '--quiet', '--bare', parent.gitDir, fork.gitDir])
  await allowWhatGitHubAllows(fork.gitDir)
  for (const [branch, sha] of parent.branches) fork.branches.set(branch, sha)
  for (const [name, tag] of parent.tags) fork.tags.set(name, tag)
  return register(world, fork)
}

function blankRepository(world: World, owner: User, name: string, defaultBranch: string): Repository {
  const id = nextId(world)
  return {
    id,
    owner,
    name,
    defaultBranch,
    at: now(),
    gitDir: join(world.dataDir, `${id}.git`),
    parent: null,
    branches: new Map(),
    tags: new Map(),
    lastNumber: 0,
    pulls: new Map(),
    deployments: [],
    statuses: [],
    checkSuites: [],
    checkRuns: [],
    hooks: [],
    comments: [],
    activities: [],
    labels: new Map(),
    permissions: new Map([[world.bot.login, 'write']]),
    protections: new Map(),
    mergeMethods: new Set(['merge', 'squash', 'rebase']),
    environmentRules: new Map(),
    workflowRuns: [],
    mergeGroups: [],
    bypass: false,
    turn: Promise.resolve(),
  }
}

function register(world: World, repository: Repository): Repository {
  const name = fullNameOf(repository)
  if (isTaken(world, name)) throw new Refusal(422, `Repository creation failed: ${name} already exists`)
  world.repositories.set(repository.id, repository)
  world.names.set(name.toLowerCase(), repository.id)
  tell(world, { what: 'repository created', repository: name })
  return repository
}

/** Whether a repository has that name now; an old name of a renamed one is free again, as at GitHub. */
function isTaken(world: World, name: string): boolean {
  const id = world.names.get(name.toLowerCase())
  const repository = id === undefined ? undefined : world.repositories.get(id)
  return repository !== undefined && fullNameOf(repository).toLowerCase() === name.toLowerCase()
}

/** Gives a repository another name (and owner, if `to` has one); its old name redirects. */
export function renameRepository(world: World, repository: Repository, to: string): void {
  const [name = '', owner] = to.split('/').reverse()
  if (isTaken(world, owner ? to : `${repository.owner.login}/${to}`)) {
    throw new Refusal(422, `${to} already exists`)
  }
  if (owner) repository.owner = userNamed(world, owner, 'Organization')
  repository.name = name
  world.names.set(fullNameOf(repository).toLowerCase(), repository.id)
  tell(world, { what: 'repository renamed', repository: fullNameOf(repository) })
}

export async function deleteRepository(world: World, repository: Repository): Promise<void> {
  world.repositories.delete(repository.id)
  await repository.turn
  await rm(repository.gitDir, { recursive: true, force: true })
  tell(world, { what: 'repository deleted', repository: fullNameOf(repository) })
}

export interface HookRequest {
  url: string
  secret?: string | null
  contentType?: 'json' | 'form'
  events?: string[]
  active?: boolean
  insecureSsl?: string
}

/** Creates a webhook and sends it a ping. */
export function createHook(world: World, repository: Repository, request: HookRequest): Hook {
  const at = now()
  const hook: Hook = {
    id: nextId(world),
    repositoryId: repository.id,
    active: request.active ?? true,
    url: request.url,
    contentType: request.contentType ?? 'form',
    secret: request.secret ?? null,
    insecureSsl: request.insecureSsl ?? '0',
    events: request.events ?? ['push'],
    at,
    updatedAt: at,
    deliveries: [],
  }
  repository.hooks.push(hook)
  tell(world, { what: 'hook created', repository: fullNameOf(repository), id: hook.id })
  if (hook.active) pingHook(world, repository, hook)
  return hook
}

export function pingHook(world: World, repository: Repository, hook: Hook): void {
  deliver(world, hook, 'ping', {
    zen: 'Practicality beats purity.',
    hook_id: hook.id,
    hook: presentHook(world, repository, hook),
    repository: presentRepository(world, repository),
    sender: presentUser(world, repository.owner),
  })
}
