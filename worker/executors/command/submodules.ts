import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { type GitOptions, git } from '../../../src/git/git.ts'

/** Fetches the submodules, if there are any, each at its commit. Only http and https are gone to. */
export async function fetchSubmodules(
  tree: string,
  options: GitOptions,
  log: (line: string) => void,
): Promise<void> {
  const list = await lstat(join(tree, '.gitmodules')).catch(() => undefined)
  if (!list?.isFile()) return
  await git(['submodule', '--quiet', 'update', '--init', '--recursive', '--depth=1'], options)
  const fetched = await git(['submodule', 'status', '--recursive'], options)
  for (const line of fetched.split('\n').filter(Boolean)) log(`Submodule${line}`)
}
