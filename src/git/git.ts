import { spawn } from 'node:child_process'
import type { GitSetup } from './git-setup.ts'

/** git could not do what was asked; the message is what it said last. */
export class GitFailed extends Error {
  override name = 'GitFailed'
}

/** git stops on SIGTERM and takes its locks away; if not, it is killed after this long. */
const graceMs = 2000
/** What git says beyond this is not kept. */
const keptBytes = 1024 * 1024
/** How often a single git may ask for the token: it is on the pipe once a line. */
const tokenLines = 200

export interface GitOptions {
  setup: GitSetup
  signal: AbortSignal
  /** Where it works; by default nowhere: the arguments say it all. */
  cwd?: string
  /** Readable for git's askpass program, and for nothing else. */
  token?: string
}

/**
 * Runs git and gives its output.
 *
 * @throws {GitFailed} with git's last words
 * @throws the signal's reason if it was aborted
 */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  const { setup, signal, token } = options
  signal.throwIfAborted()
  const child = spawn('git', args, {
    cwd: options.cwd ?? setup.home,
    env: setup.env,
    // A group of its own: the transport is a child of git's.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', token === undefined ? 'ignore' : 'pipe'],
  })
  if (token !== undefined) offerToken(child.stdio[3] as NodeJS.WritableStream, token)
  const output = keepText(child.stdout as NodeJS.ReadableStream)
  const complaint = keepText(child.stderr as NodeJS.ReadableStream)
  const callOff = stopOnAbort(child.pid, signal)
  try {
    const status = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
      child.once('error', (error) => reject(new GitFailed(`git cannot be started: ${error.message}`)))
      child.once('close', (code, killedBy) => resolve(code ?? killedBy))
    })
    signal.throwIfAborted()
    if (status !== 0) throw new GitFailed(lastWords(complaint()) || `git ${args[0]} ended with ${status}`)
    return output()
  } finally {
    callOff()
  }
}

function offerToken(pipe: NodeJS.WritableStream, token: string): void {
  // git ends without having asked that often.
  pipe.on('error', () => {})
  pipe.end(`${token}\n`.repeat(tokenLines))
}

function keepText(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    if (size < keptBytes) chunks.push(chunk)
    size += chunk.length
  })
  return () => Buffer.concat(chunks).toString()
}

function stopOnAbort(pid: number | undefined, signal: AbortSignal): () => void {
  let killing: NodeJS.Timeout | undefined
  const send = (name: NodeJS.Signals) => {
    try {
      if (pid !== undefined) process.kill(-pid, name)
    } catch {
      // It has ended.
    }
  }
  const stop = () => {
    send('SIGTERM')
    killing = setTimeout(send, graceMs, 'SIGKILL')
  }
  signal.addEventListener('abort', stop, { once: true })
  return () => {
    signal.removeEventListener('abort', stop)
    clearTimeout(killing)
  }
}

/** The lines that say what was wrong, without progress and hints. */
function lastWords(complaint: string): string {
  const lines = complaint.split(/[\r\n]+/).filter((line) => line.trim() !== '' && !line.startsWith('hint:'))
  const fatal = lines.filter((line) => /^(fatal|error|remote):/.test(line))
  return (fatal.length > 0 ? fatal : lines)
    .slice(-2)
    .map((line) => line.replace(/^(fatal|error): /, ''))
    .join('; ')
}
