import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { dieWithUs } from '../die-with-us.ts'
import { freePort } from '../free-port.ts'
import { monotonicMs } from './usage.ts'

/** A process that is measured. */
export interface Running {
  name: string
  pid: number
  /** When it was asked for, by the machine's clock. */
  startedMs: number
  /** Asks it to end (SIGTERM), ends it after a while, and waits until it is gone. May be called again. */
  stop(): Promise<void>
}

export interface Listening extends Running {
  port: number
}

export interface StartOptions {
  name: string
  file: string
  env: NodeJS.ProcessEnv
  /** The folder that it runs in, made if it does not exist: one without .env and livraison.yml unless they are meant. */
  cwd: string
  nodeArguments?: string[]
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const stopLimitMs = 5000
const readyLimitMs = 30_000

/** Where the built product lies. */
export const productFiles = {
  receiver: join(root, 'dist/bundle/server.js'),
  worker: join(root, 'dist/bundle/worker.js'),
}

/** What `npm run server` and `npm run worker` tell Node: stacks in terms of the sources. */
const productFlags = ['--enable-source-maps']

/** A file of the folder bench/. */
export function benchFile(path: string): string {
  return join(root, 'bench', path)
}

/** Starts a process as `npm run server` would, but with what it says on standard output going to /dev/null. */
export function start({ name, file, env, cwd, nodeArguments = [] }: StartOptions): Running {
  mkdirSync(cwd, { recursive: true })
  const startedMs = monotonicMs()
  const flags = Object.values(productFiles).includes(file) ? productFlags : []
  const child = spawn(process.execPath, [...flags, ...nodeArguments, file], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    // Ctrl-C in the terminal is for us alone: we stop our children in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const pid = child.pid as number
  const callOff = dieWithUs(pid)
  let isOver = false
  child.stderr.setEncoding('utf8').on('data', (text) => process.stderr.write(`${name}: ${text}`))
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      isOver = true
      callOff()
      resolve()
    })
  })
  const stop = async (): Promise<void> => {
    if (isOver) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
    await ended
    clearTimeout(timer)
  }
  return { name, pid, startedMs, stop }
}

/** Starts a process that listens and waits until it answers at `path`, whatever it answers unless `status` says. */
export async function startListening(
  options: StartOptions & { path?: string; status?: number },
): Promise<Listening> {
  const port = await freePort()
  const running = start({ ...options, env: { ...options.env, PORT: String(port) } })
  try {
    await answers(`http://127.0.0.1:${port}${options.path ?? '/'}`, options.status)
  } catch (error) {
    await running.stop()
    throw new Error(`${options.name} does not answer within ${readyLimitMs / 1000} s.`, { cause: error })
  }
  return { ...running, port }
}

const askAgainMs = 4

/** Resolves as soon as there is an answer. */
export async function answers(url: string, status?: number): Promise<void> {
  const limit = AbortSignal.timeout(readyLimitMs)
  for (;;) {
    limit.throwIfAborted()
    const answer = await fetch(url, { signal: limit }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer && (status === undefined || answer.status === status)) return
    await sleep(askAgainMs)
  }
}
