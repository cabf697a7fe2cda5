import { spawn } from 'node:child_process'

/** Who a commit is by. */
export interface Author {
  name: string
  email: string
}

export interface GitResult {
  status: number
  stdout: string
  stderr: string
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin'

/** The environment of every git process: nothing of this machine's or this user's configuration. */
export function gitEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }
}

/** Runs git in `gitDir`, gives status and output; throws only if git cannot be started. */
export function tryGit(
  gitDir: string,
  args: readonly string[],
  { input, author }: { input?: string | Buffer; author?: Author } = {},
): Promise<GitResult> {
  const env = { ...gitEnvironment(gitDir), ...(author ? identity(author) : {}) }
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--git-dir', gitDir, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk) => out.push(chunk))
    child.stderr.on('data', (chunk) => err.push(chunk))
    child.once('error', reject)
    child.once('close', (code) =>
      resolve({
        status: code ?? 1,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    )
    // git may end before it has read all of its input; its exit status tells that, not the broken pipe.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/** Runs git in `gitDir` and gives its output without the last newline; throws what git said if it fails. */
export async function git(
  gitDir: string,
  args: readonly string[],
  options: { input?: string | Buffer; author?: Author } = {},
): Promise<string> {
  const { status, stdout, stderr } = await tryGit(gitDir, args, options)
  if (status !== 0) throw new Error(`git ${args[0]} ended with ${status}: ${stderr.trim() || stdout.trim()}`)
  return stdout.replace(/\n$/, '')
}

function identity({ name, email }: Author): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  }
}
