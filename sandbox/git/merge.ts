import type { MergeMethod } from '../state.ts'
import { type Author, git, tryGit } from './git.ts'

/** The tree of merging `head` into `base`, or null when they conflict. */
export async function mergedTree(gitDir: string, base: string, head: string): Promise<string | null> {
  const { status, stdout, stderr } = await tryGit(gitDir, [
    'merge-tree',
    '--write-tree',
    '--no-messages',
    base,
    head,
  ])
  if (status === 0) return stdout.split('\n', 1)[0] as string
  if (status === 1) return null
  throw new Error(`git merge-tree of ${base} and ${head} ended with ${status}: ${stderr.trim()}`)
}

/** Makes the commit that merging `head` into `base` asks for; null when they conflict. No ref moves. */
export async function mergeCommits(
  gitDir: string,
  merge: { base: string; head: string; method: MergeMethod; message: string; author: Author },
): Promise<string | null> {
  const { base, head, method, message, author } = merge
  if (method === 'rebase') return rebase(gitDir, merge)
  const tree = await mergedTree(gitDir, base, head)
  if (!tree) return null
  return commitTree(gitDir, tree, method === 'merge' ? [base, head] : [base], message, author)
}

/** Replays each commit of `head` that `base` lacks; merging one with base gives its tree, their fork point being the same. */
async function rebase(
  gitDir: string,
  { base, head, author }: { base: string; head: string; author: Author },
): Promise<string | null> {
  let tip = base
  for (const commit of await commitsBetween(gitDir, base, head)) {
    const tree = await mergedTree(gitDir, base, commit)
    if (!tree) return null
    const message = await git(gitDir, ['show', '--no-patch', '--format=%B', commit])
    tip = await commitTree(gitDir, tree, [tip], message, author)
  }
  return tip
}

async function commitTree(gitDir: string, tree: string, parents: string[], message: string, author: Author) {
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-']
  return git(gitDir, args, { input: message, author })
}

/** Shas of the commits that `head` has and `base` has not, oldest first. */
export async function commitsBetween(gitDir: string, base: string, head: string): Promise<string[]> {
  const list = await git(gitDir, ['rev-list', '--reverse', '--topo-order', `${base}..${head}`])
  return list ? list.split('\n') : []
}

/** True when `head` already has everything of `base`. */
export async function contains(gitDir: string, head: string, base: string): Promise<boolean> {
  const { status } = await tryGit(gitDir, ['merge-base', '--is-ancestor', base, head])
  return status === 0
}

/** The newest commit that both have. */
export async function forkPoint(gitDir: string, one: string, other: string): Promise<string> {
  return git(gitDir, ['merge-base', one, other])
}
