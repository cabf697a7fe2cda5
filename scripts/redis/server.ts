import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { RedisTls } from '../../src/redis/options.ts'
import { dieWithUs } from '../die-with-us.ts'
import { findRedisProgram } from '../setup/redis-program.mjs'

/** A redis-server of our own, on the loopback interface, that can be killed, paused and started again with its data. */
export interface TestedServer {
  port: number
  /** The process that runs now. */
  pid(): number | undefined
  /** Starts it unless it runs, and waits until it answers. */
  start(): Promise<void>
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>
  /** SIGSTOP, and SIGCONT. */
  pause(): void
  resume(): void
  /** Asks it something, on a connection that is made for that. */
  ask(command: string, ...args: (string | number)[]): Promise<unknown>
}

export interface ServerOptions {
  port: number
  dir: string
  /** What is in its configuration, besides the port and the folder. */
  settings: Record<string, string>
  /** What `redis-server` is to be; the first on PATH unless given. */
  program?: string | undefined
  /** How we connect to it, to ask. */
  connection?: { password?: string; tls?: RedisTls }
  /** A Sentinel keeps what it knows in its configuration file. */
  sentinelFile?: string
}

const startLimitMs = 20_000

export function createServer(options: ServerOptions): TestedServer {
  const { port, dir } = options
  const program = options.program ?? findRedisProgram()
  if (program === undefined) throw new Error('There is no redis-server on PATH: run `npm run setup`')
  mkdirSync(dir, { recursive: true })
  let running: { pid: number; ended: Promise<void> } | undefined

  const ask = async (command: string, ...args: (string | number)[]): Promise<unknown> => {
    const own = new Redis({
      ...{ port, host: '127.0.0.1', retryStrategy: () => null, connectTimeout: 1000, commandTimeout: 2000 },
      ...{ enableReadyCheck: false, lazyConnect: true },
      ...options.connection,
    })
    own.on('error', () => {})
    try {
      await own.connect()
      return await own.call(command, ...args)
    } finally {
      own.disconnect()
    }
  }

  return {
    port,
    ask,
    pid: () => running?.pid,
    async start() {
      if (running) return
      const child = spawn(program, argumentsOf(options), {
        cwd: dir,
        // A group of its own: Ctrl-C in the terminal is for us, and we end Redis last.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let said = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (text) => {
          said = (said + text).slice(-2000)
        })
      }
      const { pid } = child
      if (pid === undefined) throw new Error(`${program} does not start`)
      const callOff = dieWithUs(pid)
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve(callOff())))
      const own = { pid, ended }
      running = own
      void ended.then(() => {
        if (running === own) running = undefined
      })
      const limit = AbortSignal.timeout(startLimitMs)
      while (!(await ask('PING').then(Boolean, isAnswer))) {
        if (limit.aborted || running !== own)
          throw new Error(`${program} at ${port} does not answer: ${said}`)
        await sleep(20)
      }
    },
    async kill() {
      if (!running) return
      const { pid, ended } = running
      process.kill(pid, 'SIGKILL')
      await ended
    },
    pause() {
      if (running) process.kill(running.pid, 'SIGSTOP')
    },
    resume() {
      if (running) process.kill(running.pid, 'SIGCONT')
    },
  }
}

/** Whether it answered, though not what was asked: it loads its data, or does not know us. */
function isAnswer(error: Error): boolean {
  return /^(NOPERM|NOAUTH)/.test(error.message)
}

function argumentsOf({ port, dir, settings, sentinelFile }: ServerOptions): string[] {
  if (sentinelFile !== undefined) return [sentinelFile, '--sentinel']
  const all = { port: String(port), bind: '127.0.0.1', dir, loglevel: 'warning', ...settings }
  return Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])
}

/** What Livraison asks of a Redis: docs/redis.md. */
export const recommended = { save: '', appendonly: 'yes', 'maxmemory-policy': 'noeviction' }
