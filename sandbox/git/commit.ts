import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Author, git } from './git.ts'

/** File contents by path; null removes the file. */
export type Files = Record<string, string | null>

/**
 * Writes one commit on `ref` (on top of `parent`, or a first one) in a single git process.
 * Gives its sha. A file that begins with `#!` becomes executable. `alsoAt` are further refs set to it.
 */
export async function commitFiles(
  gitDir: string,
  commit: {
    ref: string
    parent: string | null
    files: Files
    message: string
    author: Author
    alsoAt?: string[]
  },
): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000)
  const by = `${commit.author.name} <${commit.author.email}> ${seconds} +0000`
  const lines = [
    `commit ${commit.ref}`,
    'mark :1',
    `author ${by}`,
    `committer ${by}`,
    data(commit.message),
    ...(commit.parent ? [`from ${commit.parent}`] : []),
    ...Object.entries(commit.files).flatMap(([path, content]) => change(path, content)),
    '',
    ...(commit.alsoAt ?? []).flatMap((ref) => [`reset ${ref}`, 'from :1', '']),
    'get-mark :1',
    'done',
    '',
  ]
  return git(gitDir, ['fast-import', '--quiet', '--force', '--done'], { input: lines.join('\n') })
}

function change(path: string, content: string | null): string[] {
  const name = JSON.stringify(path)
  if (content === null) return [`D ${name}`]
  return [`M ${content.startsWith('#!') ? '100755' : '100644'} inline ${name}`, data(content)]
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`
}

/** Creates an empty bare repository. */
export async function createBareRepository(gitDir: string, defaultBranch: string): Promise<void> {
  await git(gitDir, ['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`, gitDir])
  await allowWhatGitHubAllows(gitDir)
}

/** Configures a bare repository: any commit can be fetched by its sha, pushes come in over HTTP. */
export async function allowWhatGitHubAllows(gitDir: string): Promise<void> {
  const config = '[uploadpack]\n\tallowAnySHA1InWant = true\n[http]\n\treceivepack = true\n[gc]\n\tauto = 0\n'
  await appendFile(join(gitDir, 'config'), config)
}

/** Sets refs to commits (null deletes) in one step. */
export async function setRefs(gitDir: string, refs: Record<string, string | null>): Promise<void> {
  const lines = Object.entries(refs).map(([ref, sha]) => (sha ? `update ${ref} ${sha}` : `delete ${ref}`))
  await git(gitDir, ['update-ref', '--stdin'], { input: `${lines.join('\n')}\n` })
}
