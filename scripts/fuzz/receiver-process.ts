import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { dieWithUs } from '../die-with-us.ts'
import type { ProbedRoute, Question, Reply, State } from './probe.ts'
import type { Secrets } from './secrets.ts'

/** The receiver in a process of its own, as in production, with the probe beside it. */
export interface ReceiverProcess {
  port: number
  pid: number
  routes(): Promise<ProbedRoute[]>
  state(): Promise<State>
  /** What it logged of its own faults, as it was written. */
  faults: string[]
  /** How it ended; undefined while it runs. */
  ended(): string | undefined
  stop(): Promise<void>
}

export interface ReceiverProcessOptions {
  redisUrl: string
  secrets: Secrets
  /** Where it starts: no .env and no livraison.yml may be there. */
  cwd: string
}

const server = fileURLToPath(new URL('../../src/server.js', import.meta.url))
const probe = new URL('probe.js', import.meta.url).href

/** Of pino: an error. */
const errorLevel = 50
const mostFaults = 20

/** Starts it, and waits until it listens. */
export async function startReceiverProcess(options: ReceiverProcessOptions): Promise<ReceiverProcess> {
  const flags = ['--enable-source-maps', '--expose-gc', '--import', probe]
  const child = spawn(process.execPath, [...flags, server], {
    cwd: options.cwd,
    env: environmentOf(options),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const pid = child.pid as number
  const callOff = dieWithUs(pid)
  let end: string | undefined
  child.once('exit', (code, signal) => {
    callOff()
    end = signal ?? `exit status ${code}`
  })
  const faults: string[] = []
  const port = await listeningOn(child, faults)
  return {
    port,
    pid,
    faults,
    ended: () => end,
    async routes() {
      const reply = await ask(child, 'routes')
      return 'routes' in reply ? reply.routes : []
    },
    async state() {
      const reply = await ask(child, 'state')
      if (!('state' in reply)) throw new Error('The receiver does not say how it is')
      return reply.state
    },
    async stop() {
      if (end !== undefined) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** The GitHub of the receiver: nobody answers there. */
export const nowhere = 'http://127.0.0.1:9'

function environmentOf({ redisUrl, secrets }: ReceiverProcessOptions): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env
  return {
    ...{ PATH, HOME, PORT: '0', REDIS_URL: redisUrl, LOG_LEVEL: 'info' },
    ...{ GITHUB_API_URL: nowhere, GITHUB_SERVER_URL: nowhere, SLACK_API_URL: nowhere },
    GITHUB_WEBHOOK_SECRET: secrets.webhook,
    HUBOT_SECRET: secrets.hubot,
    SLACK_SIGNING_SECRET: secrets.slack,
    ADMIN_TOKEN: secrets.admin,
    GITHUB_OAUTH_CLIENT_ID: 'fuzz',
    GITHUB_OAUTH_CLIENT_SECRET: 'fuzz',
    // Else most requests would never get as far as what they are for.
    API_REQUESTS_PER_MINUTE: '1000000',
  }
}

/** Reads its log, and gives the port that it says. */
function listeningOn(child: ChildProcess, faults: string[]): Promise<number> {
  const last: string[] = []
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        last.push(line)
        if (last.length > 20) last.shift()
        const port = /"address":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(line)?.[1]
        if (port !== undefined) resolve(Number(port))
        if (isFault(line) && faults.length < mostFaults) faults.push(line)
      })
    }
    child.once('exit', () => reject(new Error(`The receiver did not start:\n${last.join('\n')}`)))
  })
}

/** An error in the log, or what is no line of the log: what Node says of its own. */
function isFault(line: string): boolean {
  try {
    const { level } = JSON.parse(line) as { level?: unknown }
    return typeof level !== 'number' || level >= errorLevel
  } catch {
    return !/^\s*$/.test(line)
  }
}

async function ask(child: ChildProcess, question: Question): Promise<Reply> {
  const answered = once(child, 'message', { signal: AbortSignal.timeout(30_000) })
  child.send(question)
  const [reply] = await answered
  return reply as Reply
}
