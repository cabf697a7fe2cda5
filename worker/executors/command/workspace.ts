import { randomBytes } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type GitSetup, setUpGit } from '../../../src/git/git-setup.ts'
import type { Repository } from '../../../src/jobs/job.ts'
import { openPresence, type Presence } from './presence.ts'
import { removeTree } from './remove-tree.ts'

export interface WorkspaceOptions {
  /** Where work trees and the cache of repositories are; workers on one host may share it. */
  directory: string
  /** Where repositories are cloned from, without a slash at the end. */
  serverUrl: string
  /** The certificates (a file) of the authority that its own is from, unless it is one that everybody trusts. */
  caFile?: string | undefined
  /** A token that may read a repository, and best nothing else; asked for before each fetch. */
  token: (repository: Repository) => string | Promise<string>
  /** What the worker's own environment hands on to git and to commands; it holds no secrets of ours. */
  hostEnv: Record<string, string>
  /** The most that the cache of repositories may take on the disk between runs. */
  maxBytes: number
  /** The most repositories that it may hold. */
  maxMirrors?: number
  /** The longest that a checkout may take. */
  checkoutLimitMs?: number
}

/** The directory in which this worker's runs work, and what they all share. */
export interface Workspace {
  serverUrl: string
  token: (repository: Repository) => string | Promise<string>
  hostEnv: Record<string, string>
  mirrors: string
  locks: string
  maxBytes: number
  maxMirrors: number
  checkoutLimitMs: number
  presence: Presence
  /** Makes the private directory of one run. */
  openRun(): Promise<RunDirectory>
  close(): Promise<void>
}

/** A directory for one run alone, which nobody else on the machine can enter. */
export interface RunDirectory {
  path: string
  tree: string
  home: string
  tmp: string
  payloadFile: string
  git: GitSetup
  remove(): Promise<void>
}

/** Opens a workspace and removes what workers that have died left there. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const directory = resolve(options.directory)
  const runs = join(directory, 'runs')
  const mirrors = join(directory, 'mirrors')
  const locks = join(directory, 'locks')
  for (const each of [runs, mirrors, locks]) await mkdir(each, { recursive: true, mode: 0o700 })
  const presence = await openPresence(join(directory, 'workers'))
  await sweep(runs, presence)
  const { serverUrl, token, hostEnv, maxBytes, maxMirrors = 100, checkoutLimitMs = 15 * 60_000 } = options
  return {
    serverUrl,
    token,
    hostEnv,
    mirrors,
    locks,
    maxBytes,
    maxMirrors,
    checkoutLimitMs,
    presence,
    openRun: () => openRun(runs, presence, options),
    close: presence.close,
  }
}

async function openRun(
  runs: string,
  { owner }: Presence,
  { serverUrl, hostEnv, caFile }: WorkspaceOptions,
): Promise<RunDirectory> {
  const path = join(runs, `${owner}.${randomBytes(4).toString('hex')}`)
  const home = join(path, 'home')
  const tmp = join(path, 'tmp')
  for (const each of [path, home, tmp]) await mkdir(each, { mode: 0o700 })
  return {
    path,
    tree: join(path, 'tree'),
    home,
    tmp,
    payloadFile: join(path, 'payload.json'),
    git: await setUpGit(path, serverUrl, hostEnv, caFile),
    remove: () => removeTree(path),
  }
}

async function sweep(runs: string, presence: Presence): Promise<void> {
  for (const run of await readdir(runs)) {
    // What cannot be removed today is not worth a worker that does not start.
    if (await presence.isDead(run.split('.')[0] ?? '')) await removeTree(join(runs, run)).catch(() => {})
  }
}
