import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent } from 'undici'
import { type Acts, actsOf } from './acts/index.ts'
import type { ApiLog } from './api-log.ts'
import type { Edition } from './edition.ts'
import { createFaults, type Faults } from './faults.ts'
import { sendDelivery } from './hooks/send.ts'
import { buildServer, type Tls } from './server.ts'
import { type Whenever, wheneverOf } from './whenever.ts'
import { createWorld, type World } from './world.ts'

export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  port?: number
  host?: string
  token?: string
  /** Where the git repositories are kept; without it, a directory that goes when the sandbox closes. */
  dataDir?: string
  /** Ids are counted from here, 100 000 by default: whoever keeps them over a restart must not meet them again. */
  firstId?: number
  /** Where others find it, if that is not where it listens. */
  url?: string | undefined
  /** Which GitHub it is like; GitHub.com, with a fine-grained token, unless given. */
  edition?: Edition
  /** Serves over TLS, with this key and certificate (PEM). */
  tls?: Tls
}

/** A GitHub that runs in this process: what people do there, what happened, and how it fails. */
export interface Sandbox extends Acts, ApiLog {
  /** Root of the web pages and of git, as at GitHub Enterprise Server. */
  url: string
  apiUrl: string
  token: string
  faults: Faults
  /** Waits until `predicate` gives something truthy, looking after every change; gives that. */
  whenever: Whenever
  close(): Promise<void>
}

/** Starts a sandbox; it is ready when this resolves. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', token = 'sandbox-token' } = options
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'github-sandbox-')))
  await mkdir(dataDir, { recursive: true })
  const world = createWorld(dataDir, options.firstId, options.edition)
  const faults = createFaults()
  const log: ApiLog = { requests: [], violations: [] }
  const closing = new AbortController()
  const dispatcher = new Agent()
  const sends = new Set<Promise<void>>()
  world.sendDelivery = (hook, delivery) => {
    const send = sendDelivery(world, { faults, dispatcher, signal: closing.signal }, hook, delivery)
    sends.add(send)
    return send.finally(() => sends.delete(send))
  }
  const acts = actsOf(world)
  const whenever = wheneverOf(world)
  const server = buildServer({ world, token, faults, log, acts }, options.tls)
  const close = async () => {
    closing.abort()
    server.server.closeAllConnections()
    await server.close()
    await Promise.all(sends)
    await Promise.all([...world.repositories.values()].map((repository) => repository.turn))
    await dispatcher.destroy()
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
  }
  try {
    await server.listen({ port, host })
  } catch (error) {
    await close()
    throw error
  }
  locate(
    world,
    options.url,
    options.tls === undefined ? 'http' : 'https',
    host,
    (server.server.address() as AddressInfo).port,
  )
  let closed: Promise<void> | undefined
  return {
    ...acts,
    ...log,
    url: world.url,
    apiUrl: world.apiUrl,
    token,
    faults,
    whenever,
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

function locate(world: World, url: string | undefined, protocol: string, host: string, port: number): void {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  world.url = url ?? `${protocol}://${name}:${port}`
  world.apiUrl = `${world.url}/api/v3`
}
