import { appendFile, lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type GitOptions, git } from '../../../src/git/git.ts'

/** Fetches the files that the repository keeps by Git LFS, if there are any and git-lfs is installed. */
export async function fetchLargeFiles(
  tree: string,
  url: string,
  options: GitOptions,
  log: (line: string) => void,
): Promise<void> {
  if (!(await usesLargeFiles(tree))) return
  const installed = await git(['lfs', 'version'], options).then(
    () => true,
    () => false,
  )
  options.signal.throwIfAborted()
  if (!installed) {
    log('This repository uses Git LFS, but git-lfs is not installed here: its large files are pointers only.')
    return
  }
  // As `git lfs install` has it, without its hooks: git-lfs fills in no file otherwise.
  await appendFile(join(tree, '.git/config'), filter)
  // Where the files come from is not for the repository to say.
  await git(['-c', `lfs.url=${url}/info/lfs`, 'lfs', 'pull'], options)
}

const filter = `[filter "lfs"]
	clean = git-lfs clean -- %f
	smudge = git-lfs smudge -- %f
	process = git-lfs filter-process
	required = true
`

async function usesLargeFiles(tree: string): Promise<boolean> {
  const file = join(tree, '.gitattributes')
  const attributes = await lstat(file).catch(() => undefined)
  return attributes?.isFile() === true && (await readFile(file, 'utf8')).includes('filter=lfs')
}
