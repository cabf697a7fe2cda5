import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { dieWithUs } from './die-with-us.ts'
import { freePort } from './free-port.ts'
import { askRedis } from './redis-answer.ts'
import { findRedisProgram } from './setup/redis-program.mjs'

export type PrivateRedis = {
  url: string
  port: number
  pid: number
  /** Resolves with a sentence when the server has ended, whoever ended it. */
  ended: Promise<string>
  /** Ends the server in order and waits until it is gone. May be called again. */
  close(): Promise<void>
  /** Ends the server as a crash would (SIGKILL) and waits until it is gone. */
  kill(): Promise<void>
}

export type RedisOptions = {
  /** Keep an append-only file in `dir`, so that the next server started there goes on with the data. */
  persistent: boolean
  /** Where its files go; needed when persistent. Made if it does not exist. */
  dir?: string
  /** 0, the default, is any free port. */
  port?: number
}

const startLimitMs = 60_000
const attempts = 5

/**
 * Starts a redis-server (or valkey-server) of our own on the loopback interface and waits until it answers.
 * It ends with this process at the latest. Throws with what the server said if it cannot start.
 */
export async function startRedis(options: RedisOptions): Promise<PrivateRedis> {
  if (options.persistent && !options.dir) throw new Error('A persistent Redis needs a directory for its data')
  const wanted = options.port ?? 0
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryPort(wanted || (await freePort()), options)
    if ('redis' in outcome) return outcome.redis
    const portWasTaken = /address already in use/i.test(outcome.said)
    if (wanted || !portWasTaken || attempt === attempts) {
      throw new Error(`Redis did not start (${outcome.reason}). It said:\n${outcome.said || '(nothing)'}`)
    }
  }
}

type Outcome = { redis: PrivateRedis } | { reason: string; said: string }

async function tryPort(port: number, options: RedisOptions): Promise<Outcome> {
  const dir = resolve(options.dir ?? tmpdir())
  mkdirSync(dir, { recursive: true })
  const program = findRedisProgram()
  if (!program) throw new Error('There is no redis-server or valkey-server on PATH: run `npm run setup`')
  const child = spawn(program, redisArguments(port, dir, options.persistent), {
    cwd: dir,
    // A group of its own: Ctrl-C in the terminal is for us, and we end Redis last.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = keepLastLines(child)
  const ended = whenEnded(child)
  const callOff = child.pid === undefined ? () => {} : dieWithUs(child.pid)
  void ended.then(callOff)
  const reason = await answersOrEnds(child, port, ended)
  if (reason === undefined) return { redis: privateRedis(child, port, ended) }
  child.kill('SIGKILL')
  await ended
  return { reason, said: said() }
}

type Child = ChildProcessByStdio<null, Readable, Readable>

function redisArguments(port: number, dir: string, persistent: boolean): string[] {
  const settings: Record<string, string> = {
    port: String(port),
    bind: '127.0.0.1',
    dir,
    save: '',
    appendonly: persistent ? 'yes' : 'no',
    'maxmemory-policy': 'noeviction',
    loglevel: 'warning',
  }
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
}

function keepLastLines(child: Child): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      text = (text + chunk).slice(-4000)
    })
  }
  return () => text.trim()
}

function whenEnded(child: Child): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal ? `ended by ${signal}` : `exit status ${code}`))
  })
}

/** Undefined once the server answers and is this child, else why it never will. */
async function answersOrEnds(
  child: Child,
  port: number,
  ended: Promise<string>,
): Promise<string | undefined> {
  const answered = Symbol('answered')
  const limit = AbortSignal.timeout(startLimitMs)
  const asking = async (): Promise<typeof answered | string> => {
    while (!limit.aborted) {
      const answer = await askRedis(port)
      // Another server may have taken the port between the choice and the start: is it ours that answers?
      if (answer.ready && answer.pid === child.pid) return answered
      if (child.exitCode !== null || child.signalCode !== null) return ended
      await sleep(15)
    }
    return `no answer within ${startLimitMs / 1000} seconds`
  }
  const outcome = await Promise.race([asking(), ended])
  return outcome === answered ? undefined : String(outcome)
}

function privateRedis(child: Child, port: number, ended: Promise<string>): PrivateRedis {
  const pid = child.pid as number
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal)
      child.kill('SIGCONT')
    }
    await ended
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid,
    ended,
    close: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}
