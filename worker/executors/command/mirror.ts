import { copyFile, link, mkdir, readdir, rename, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { type GitOptions, git } from '../../../src/git/git.ts'
import type { Repository } from '../../../src/jobs/job.ts'
import { withLock } from './lock.ts'
import { removeTree } from './remove-tree.ts'
import type { RunDirectory, Workspace } from './workspace.ts'

/** Each fetch adds a pack; a mirror with more than this many is begun anew, which is one shallow fetch. */
const mostPacks = 50

/** Where a repository is cloned from. It never holds a token. */
export function repositoryUrl(serverUrl: string, { owner, name }: Repository): string {
  return `${serverUrl}/${encodeURIComponent(owner)}/${encodeURIComponent(name)}.git`
}

/**
 * Brings the commit into the repository's mirror, a bare repository that is kept between runs, and from there
 * into the `objects` of a work tree's own repository: by hard links, so that either may go away any time.
 *
 * @returns whether it had to be fetched
 */
export async function bringCommit(
  workspace: Workspace,
  run: RunDirectory,
  repository: Repository,
  sha: string,
  objects: string,
  signal: AbortSignal,
): Promise<boolean> {
  const url = repositoryUrl(workspace.serverUrl, repository)
  const mirror = join(workspace.mirrors, `${repository.id}.git`)
  const lock = join(workspace.locks, String(repository.id))
  const token = await workspace.token(repository)
  return withLock(lock, workspace.presence, signal, async () => {
    const options = { setup: run.git, signal, token }
    const fetched = await fill(mirror, run, url, sha, options)
    await linkPacks(join(mirror, 'objects/pack'), join(objects, 'pack'))
    const now = new Date()
    await utimes(mirror, now, now)
    return fetched
  })
}

async function fill(mirror: string, run: RunDirectory, url: string, sha: string, options: GitOptions) {
  if ((await countPacks(mirror)) < mostPacks) {
    if (await has(mirror, sha, options)) return false
    try {
      await fetchCommit(mirror, url, sha, options)
      return true
    } catch {
      options.signal.throwIfAborted()
      // The mirror may be what is broken: a fetch into a new one tells, and says what is wrong if it is not.
    }
  }
  const fresh = join(run.path, 'mirror.git')
  await git(['init', '--quiet', '--bare', '--template=', fresh], options)
  await fetchCommit(fresh, url, sha, options)
  await removeTree(mirror)
  await rename(fresh, mirror)
  return true
}

async function countPacks(mirror: string): Promise<number> {
  const files = await readdir(join(mirror, 'objects/pack')).catch(() => undefined)
  if (!files) return Number.POSITIVE_INFINITY
  return files.filter((file) => file.endsWith('.pack')).length
}

/** A commit has a ref once its fetch is complete. */
async function has(mirror: string, sha: string, options: GitOptions): Promise<boolean> {
  const args = ['--git-dir', mirror, 'rev-parse', '--quiet', '--verify', `${refOf(sha)}^{tree}`]
  return git(args, options).then(
    () => true,
    () => false,
  )
}

async function fetchCommit(mirror: string, url: string, sha: string, options: GitOptions): Promise<void> {
  const flags = ['--quiet', '--depth=1', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules']
  await git(['--git-dir', mirror, 'fetch', ...flags, '--', url, `+${sha}:${refOf(sha)}`], options)
}

function refOf(sha: string): string {
  return `refs/commits/${sha}`
}

async function linkPacks(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const file of await readdir(from)) {
    if (!/^pack-[0-9a-f]+\.(pack|idx|rev)$/.test(file)) continue
    // Not every file system has hard links.
    await link(join(from, file), join(to, file)).catch(() => copyFile(join(from, file), join(to, file)))
  }
}
