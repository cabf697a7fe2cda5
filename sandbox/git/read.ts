import type { Tag } from '../state.ts'
import { git, tryGit } from './git.ts'

export interface CommitFacts {
  sha: string
  tree: string
  parents: string[]
  name: string
  email: string
  date: string
  message: string
  files: { path: string; status: 'added' | 'modified' | 'removed' | 'renamed'; before?: string }[]
}

/** The full sha of a commit that a branch, tag, ref or (short) sha names; null if there is none. */
export async function resolveCommit(gitDir: string, name: string): Promise<string | null> {
  for (const ref of [name, `refs/${name}`, `refs/heads/${name}`]) {
    const { status, stdout } = await tryGit(gitDir, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${ref}^{commit}`,
    ])
    const sha = /^[0-9a-f]{40}$/m.exec(stdout)?.[0]
    if (status === 0 && sha) return sha
  }
  return null
}

const FORMAT = '%x1e%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%cI%x1f%B%x1f'
const LETTERS = { A: 'added', M: 'modified', D: 'removed', R: 'renamed' } as const

/** Commits of a range (`a..b`) or the `limit` newest of a name, newest first, with the files each one touched. */
export async function readCommits(gitDir: string, range: string, limit = 250): Promise<CommitFacts[]> {
  const args = ['log', `--max-count=${limit}`, `--format=${FORMAT}`, '--name-status', '--root', '-m']
  const text = await git(gitDir, [...args, '--first-parent', '--end-of-options', range])
  return text
    .split('\x1e')
    .slice(1)
    .map((part) => {
      const [sha = '', tree = '', parents = '', name = '', email = '', date = '', message = '', files = ''] =
        part.split('\x1f')
      return {
        sha,
        tree,
        parents: parents ? parents.split(' ') : [],
        name,
        email,
        date: date.replace(/\+00:00$/, 'Z'),
        message: message.trimEnd(),
        files: fileLines(files),
      }
    })
}

function fileLines(text: string): CommitFacts['files'] {
  return text
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => {
      const [letter = '', ...paths] = line.split('\t')
      const status = LETTERS[letter[0] as keyof typeof LETTERS] ?? 'modified'
      const before = status === 'renamed' && paths[0] !== undefined ? { before: paths[0] } : {}
      return { status, path: paths.at(-1) ?? '', ...before }
    })
}

/** Files that differ between the merge base of two commits and the second, as a pull request shows them. */
export async function changedFiles(
  gitDir: string,
  base: string,
  head: string,
): Promise<CommitFacts['files']> {
  return fileLines(await git(gitDir, ['diff', '--name-status', `${base}...${head}`]))
}

/** All branches and tags with their commits. */
export async function readRefs(
  gitDir: string,
): Promise<{ branches: Map<string, string>; tags: Map<string, Tag> }> {
  const text = await git(gitDir, [
    'for-each-ref',
    '--format=%(objectname)%09%(refname)%09%(*objectname)%09%(objecttype)%(*objecttype)',
    'refs/heads',
    'refs/tags',
  ])
  const branches = new Map<string, string>()
  const tags = new Map<string, Tag>()
  for (const line of text.split('\n').filter(Boolean)) {
    const [sha = '', ref = '', peeled, types = ''] = line.split('\t')
    if (ref.startsWith('refs/heads/')) branches.set(ref.slice('refs/heads/'.length), sha)
    else
      tags.set(ref.slice('refs/tags/'.length), {
        object: sha,
        commit: types.endsWith('commit') ? peeled || sha : null,
      })
  }
  return { branches, tags }
}
