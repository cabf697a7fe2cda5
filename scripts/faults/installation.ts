import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { freePort } from '../free-port.ts'
import { type PrivateRedis, startRedis } from '../private-redis.ts'
import type { Undo } from '../undo.ts'
import { type Link, openLink } from './cuttable-link.ts'
import { createHappenings, type Happenings } from './happenings.ts'
import { timing } from './rules.ts'
import { createService, type Service } from './service.ts'

/** A whole Livraison with a GitHub of its own, each part of which can be made to fail. */
export interface Installation {
  sandbox: Sandbox
  repositories: string[]
  redis: { url: string; kill(): Promise<void>; start(): Promise<void> }
  receiver: Service
  workers: Service[]
  /** Each worker's network to Redis; none where Redis was given. */
  links: Link[]
  journal: string
  happenings: Happenings
  /** What the processes said, each line with the name of who said it. */
  said: { who: string; line: string }[]
}

export interface InstallationOptions {
  directory: string
  workers: number
  reconcileSeconds: number
  /** A Redis that is there already, and the settings of those who connect to it; one that can be killed is started otherwise. */
  redis?: { url: string; env: Record<string, string> }
}

/** Where a copy of the built Livraison is put, so that building meanwhile changes nothing, and it can be changed. */
export function copyBuild(directory: string): string {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const copy = join(directory, 'livraison')
  mkdirSync(copy, { recursive: true })
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true })
  cpSync(join(root, 'package.json'), join(copy, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return join(copy, 'dist')
}

/** Starts all of it; what was started is pushed on `undo`. */
export async function startInstallation(
  dist: string,
  { directory, workers, reconcileSeconds, redis: given }: InstallationOptions,
  undo: Undo,
): Promise<Installation> {
  const happenings = createHappenings()
  const redis = given
    ? { url: given.url, kill: nothingToDo, start: nothingToDo }
    : await startKillableRedis(join(directory, 'redis'), happenings, undo)
  const sandbox = await startSandbox()
  undo.push(sandbox.close)
  const port = await freePort()
  const journal = join(directory, 'journal')
  writeFileSync(journal, '')
  const env = environment(sandbox, port, journal, reconcileSeconds)
  const said: Installation['said'] = []
  const service = (name: string, file: string, redisUrl: string): Service => {
    const onLine = (line: string): void => void said.push({ who: name, line })
    const withRedis = { ...env, ...given?.env, REDIS_URL: redisUrl }
    const options = { name, file: join(dist, file), env: withRedis, cwd: directory, happenings, onLine }
    const made = createService(options)
    undo.push(() => end(made))
    made.start()
    return made
  }
  const receiver = service('receiver', 'src/server.js', redis.url)
  const links: Link[] = []
  if (!given) {
    for (let count = 0; count < workers; count++) links.push(await openLink(Number(new URL(redis.url).port)))
  }
  for (const link of links) undo.push(link.close)
  const fleet = Array.from({ length: workers }, (_none, index) => {
    const link = links[index]
    const url = link ? `redis://127.0.0.1:${link.port}` : redis.url
    return service(`worker ${index + 1}`, 'scripts/faults/worker.js', url)
  })
  await untilReady(`http://127.0.0.1:${port}/readyz`, said)
  const repositories = await createRepositories(sandbox, `http://127.0.0.1:${port}/event_handler`)
  return { sandbox, repositories, redis, receiver, workers: fleet, links, journal, happenings, said }
}

async function nothingToDo(): Promise<void> {}

const secret = 'a secret for the fault test'

/** Nothing of the surroundings but what programs need to be found. */
function environment(
  sandbox: Sandbox,
  port: number,
  journal: string,
  reconcileSeconds: number,
): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return {
    PATH,
    HOME,
    TMPDIR,
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    GITHUB_WEBHOOK_SECRET: secret,
    GITHUB_TOKEN: sandbox.token,
    GITHUB_API_URL: sandbox.apiUrl,
    LEASE_SECONDS: String(timing.leaseMs / 1000),
    STALLED_SECONDS: String(timing.stalledMs / 1000),
    DRAIN_SECONDS: String(timing.drainMs / 1000),
    WORKER_CONCURRENCY: '5',
    RECONCILE_SECONDS: String(reconcileSeconds),
    LOG_LEVEL: 'debug',
    FAULTS_JOURNAL: journal,
  }
}

/** Three repositories; one has two hooks to the same receiver, as an organization's hook and its own would be. */
async function createRepositories(sandbox: Sandbox, url: string): Promise<string[]> {
  const repositories = ['acme/shop', 'acme/blog', 'acme/api']
  for (const fullName of repositories) {
    const [owner = '', name = ''] = fullName.split('/')
    await sandbox.createRepository({ owner, name })
    await sandbox.createHook(fullName, { url, secret, contentType: 'form' })
  }
  await sandbox.createHook('acme/shop', { url, secret, contentType: 'json' })
  return repositories
}

async function startKillableRedis(
  dir: string,
  happenings: Happenings,
  undo: Undo,
): Promise<Installation['redis']> {
  let running: PrivateRedis | undefined = await startRedis({ persistent: true, dir })
  const { url, port } = running
  undo.push(() => running?.close())
  let turn: Promise<void> = Promise.resolve()
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    turn = turn.then(act)
    return turn
  }
  return {
    url,
    kill: () =>
      inTurn(async () => {
        if (!running) return
        happenings.note('killed', 'Redis', running.pid)
        await running.kill()
        running = undefined
      }),
    start: () =>
      inTurn(async () => {
        if (running) return
        running = await startRedis({ persistent: true, dir, port })
        happenings.note('started', 'Redis', running.pid)
      }),
  }
}

async function end(service: Service): Promise<void> {
  for (const child of service.all()) {
    child.kill()
    await child.ended
  }
}

async function untilReady(url: string, said: Installation['said']): Promise<void> {
  const limit = AbortSignal.timeout(30_000)
  while (!limit.aborted) {
    const answer = await fetch(url, { signal: limit }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return
    await sleep(25)
  }
  const lines = said.map(({ who, line }) => `${who}: ${line}`).slice(-20)
  throw new Error(`The receiver was not ready within 30 s. The last lines:\n${lines.join('\n')}`)
}
