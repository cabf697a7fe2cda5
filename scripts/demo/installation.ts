import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { type Child, startChild } from '../child.ts'
import { freePort } from '../free-port.ts'
import { startRedis } from '../private-redis.ts'
import type { Undo } from '../undo.ts'
import { shop, shopConfig, shopFiles } from './shop.ts'

export interface Installation {
  /** Where it keeps everything, and where its environments are. */
  directory: string
  sandbox: Sandbox
  redisUrl: string
  receiverUrl: string
  /** What its pages are signed in to with. */
  adminToken: string
  /** Rejects, with the reason, when one of its processes ends before it is asked to. Never resolves. */
  broken: Promise<never>
}

const dist = fileURLToPath(new URL('../..', import.meta.url))
const endLimitMs = 5000

/**
 * Starts a whole Livraison with a GitHub of its own: everything on free ports and in a temporary directory,
 * nothing shared with a real installation. What it starts is pushed on `undo` and `children` at once.
 */
export async function startInstallation(undo: Undo, children: Child[]): Promise<Installation> {
  const directory = mkdtempSync(join(tmpdir(), 'livraison-demo-'))
  undo.push(() => rmSync(directory, { recursive: true, force: true }))
  const redis = await startRedis({ persistent: true, dir: join(directory, 'redis') })
  undo.push(redis.close)
  const sandbox = await startSandbox()
  undo.push(sandbox.close)
  const secret = randomBytes(16).toString('hex')
  const port = await freePort()
  writeFileSync(join(directory, 'livraison.yml'), shopConfig(directory, workSeconds()))
  const adminToken = randomBytes(6).toString('hex')
  const env = environment(sandbox, redis.url, port, secret, adminToken)
  const start = (name: string, file: string): void => {
    const child = startChild({ name, file: join(dist, file), env, cwd: directory, onLine: () => {} })
    undo.push(() => stopWithin(child, endLimitMs))
    children.push(child)
  }
  start('worker', 'bundle/worker.js')
  start('receiver', 'bundle/server.js')
  const broken = whenOneEnds([...children, { name: 'Redis', ended: redis.ended }])
  // Whoever waits for something else meanwhile is not to be told by an unhandled rejection.
  broken.catch(() => {})
  const receiverUrl = `http://127.0.0.1:${port}`
  await Promise.race([untilReady(`${receiverUrl}/readyz`), broken])
  const [owner = '', name = ''] = shop.split('/')
  await sandbox.createRepository({ owner, name, files: shopFiles })
  await sandbox.createHook(shop, {
    url: `${receiverUrl}/event_handler`,
    secret,
    contentType: 'form',
    events: ['*'],
  })
  return { directory, sandbox, redisUrl: redis.url, receiverUrl, adminToken, broken }
}

/** How long the demo's deployments work, in seconds, as text; the worker itself complains of what is no number. */
export function workSeconds(): string {
  return process.env.SIMULATED_WORK_SECONDS || '1'
}

/** Nothing of the surroundings but what programs need to be found, so that no real token or setting gets in. */
function environment(
  sandbox: Sandbox,
  redisUrl: string,
  port: number,
  secret: string,
  adminToken: string,
): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, SIMULATED_WORK_SECONDS } = process.env
  return {
    PATH,
    HOME,
    TMPDIR,
    SIMULATED_WORK_SECONDS,
    DRAIN_SECONDS: '1',
    HOST: '127.0.0.1',
    PORT: String(port),
    REDIS_URL: redisUrl,
    GITHUB_WEBHOOK_SECRET: secret,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ADMIN_TOKEN: adminToken,
    GITHUB_TOKEN: sandbox.token,
    GITHUB_API_URL: sandbox.apiUrl,
    GITHUB_SERVER_URL: sandbox.url,
  }
}

async function whenOneEnds(processes: { name: string; ended: Promise<string> }[]): Promise<never> {
  const first = processes.map(async ({ name, ended }) => `the ${name} ended: ${await ended}`)
  throw new Error(await Promise.race(first))
}

async function untilReady(url: string, limitMs = 30_000): Promise<void> {
  const limit = AbortSignal.timeout(limitMs)
  while (!limit.aborted) {
    const answer = await fetch(url, { signal: limit }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return
    await sleep(25)
  }
  throw new Error(`the receiver was not ready within ${limitMs / 1000} s (${url})`)
}

async function stopWithin(child: Child, limitMs: number): Promise<void> {
  const timer = setTimeout(child.kill, limitMs)
  await child.stop()
  clearTimeout(timer)
}
