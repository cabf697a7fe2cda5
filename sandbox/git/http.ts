import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { gitEnvironment } from './git.ts'

export interface GitHttpRequest {
  gitDir: string
  /** Below the repository, e.g. `/info/refs`. */
  path: string
  method: string
  query: string
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  user: string
}

export interface GitHttpAnswer {
  status: number
  headers: Record<string, string>
  body: Readable
  /** Settles when git has ended. */
  ended: Promise<void>
}

/** Answers a request of git's smart HTTP protocol by `git http-backend`. */
export function answerGit(request: GitHttpRequest): Promise<GitHttpAnswer> {
  const child = spawn('git', ['http-backend'], {
    env: environment(request),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.stdin.on('error', () => {})
  child.stdin.end(request.body)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    let seen = Buffer.alloc(0)
    const read = () => {
      const chunk: Buffer | null = child.stdout.read()
      if (!chunk) return
      seen = Buffer.concat([seen, chunk])
      const end = seen.indexOf('\r\n\r\n')
      if (end < 0) return
      child.stdout.off('readable', read)
      child.stdout.unshift(seen.subarray(end + 4))
      resolve({ ...parseHead(seen.subarray(0, end).toString()), body: child.stdout, ended })
    }
    child.stdout.on('readable', read)
    child.stdout.once('end', () => reject(new Error('git http-backend gave no answer')))
  })
}

function environment({ gitDir, path, method, query, headers, body, user }: GitHttpRequest) {
  return {
    ...gitEnvironment(gitDir),
    GIT_PROJECT_ROOT: gitDir,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    PATH_INFO: path,
    REQUEST_METHOD: method,
    QUERY_STRING: query,
    CONTENT_TYPE: String(headers['content-type'] ?? ''),
    CONTENT_LENGTH: String(body.length),
    HTTP_CONTENT_ENCODING: String(headers['content-encoding'] ?? ''),
    REMOTE_USER: user,
    REMOTE_ADDR: '127.0.0.1',
  }
}

function parseHead(head: string): { status: number; headers: Record<string, string> } {
  const headers = Object.fromEntries(
    head.split('\r\n').map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const { status = '200', ...rest } = headers
  return { status: Number.parseInt(status, 10), headers: rest }
}
