import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../../src/errors/errors.ts'
import { type GitOptions, git } from '../../../src/git/git.ts'
import { fullName, type Repository } from '../../../src/jobs/job.ts'
import { keepWithinLimits } from './cache-limits.ts'
import { duration } from './describe.ts'
import { fetchLargeFiles } from './large-files.ts'
import { bringCommit, repositoryUrl } from './mirror.ts'
import { fetchSubmodules } from './submodules.ts'
import type { RunDirectory, Workspace } from './workspace.ts'

export interface CheckoutOptions {
  workspace: Workspace
  run: RunDirectory
  repository: Repository
  sha: string
  /** Whether submodules are fetched without our token, as anybody could. */
  anonymousSubmodules?: boolean
  signal: AbortSignal
  log(line: string): void
}

/**
 * Makes a fresh work tree of exactly this commit in `run.tree`, with a shallow repository of its own.
 *
 * @throws an error in words if that cannot be done
 */
export async function checkOut(options: CheckoutOptions): Promise<void> {
  const { workspace, repository, sha, signal, log } = options
  refuseOddNames(repository, sha)
  const what = `${fullName(repository)} at ${sha.slice(0, 7)}`
  const began = performance.now()
  const late = AbortSignal.timeout(workspace.checkoutLimitMs)
  try {
    const fetched = await fillTree({ ...options, signal: AbortSignal.any([signal, late]) })
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    log(`Checked out ${what} in ${seconds} s (${fetched ? 'fetched' : 'from the cache'}).`)
  } catch (error) {
    signal.throwIfAborted()
    const reason = late.aborted
      ? `it took longer than ${duration(workspace.checkoutLimitMs)}`
      : messageOf(error)
    throw new Error(`Could not check out ${what}: ${reason}`, { cause: error })
  }
  await keepWithinLimits(workspace).catch((error: unknown) => {
    log(`The cache of repositories could not be kept within its limits: ${messageOf(error)}`)
  })
}

/** These become arguments and file names: they are what GitHub says they are, or nothing happens. */
function refuseOddNames(repository: Repository, sha: string): void {
  if (!/^[0-9a-f]{40}$/.test(sha)) {
    throw new Error(`${JSON.stringify(sha.slice(0, 80))} is not a full commit sha.`)
  }
  const names = [repository.owner, repository.name]
  if (!Number.isSafeInteger(repository.id) || names.some((name) => !/^(?!\.{1,2}$)[\w.-]+$/.test(name))) {
    throw new Error(`${JSON.stringify(fullName(repository).slice(0, 80))} is no repository's name.`)
  }
}

async function fillTree(checkout: CheckoutOptions): Promise<boolean> {
  const { workspace, run, repository, sha, signal, log } = checkout
  const { tree } = run
  const dotGit = join(tree, '.git')
  const url = repositoryUrl(workspace.serverUrl, repository)
  const options: GitOptions = { setup: run.git, signal }
  await git(['init', '--quiet', '--template=', '--', tree], options)
  const fetched = await bringCommit(workspace, run, repository, sha, join(dotGit, 'objects'), signal)
  await writeFile(join(dotGit, 'shallow'), `${sha}\n`)
  await appendFile(join(dotGit, 'config'), `[remote "origin"]\n\turl = ${url}\n`)
  const inTree: GitOptions = { ...options, cwd: tree }
  await git(['checkout', '--quiet', '--detach', sha], inTree)
  const withToken: GitOptions = { ...inTree, token: await workspace.token(repository) }
  await fetchSubmodules(tree, checkout.anonymousSubmodules ? inTree : withToken, log)
  await fetchLargeFiles(tree, url, withToken, log)
  return fetched
}
