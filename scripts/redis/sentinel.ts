import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { createServer, recommended, type TestedServer } from './server.ts'
import type { Absence, RedisFault, StartTestedRedis, TestedRedisOptions } from './tested-redis.ts'
import { until } from './until.ts'

const name = 'mymaster'
const password = 'of the servers'
const sentinelPassword = 'of the sentinels'
const downAfterMs = 1500
/** Longer than the Sentinels take. */
const pauseMs = 10_000

/** Three Sentinels, a master and two replicas; servers and Sentinels have passwords of their own. */
export const startSentinel: StartTestedRedis = async (options) => {
  const servers = await startServers(options)
  const sentinels = await startSentinels(options, servers)
  await untilFollowed(servers, sentinels)
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')
  const query = `sentinelPassword=${encodeURIComponent(sentinelPassword)}`
  const url = `redis+sentinel://:${encodeURIComponent(password)}@${hosts}/${name}?${query}`
  return {
    url,
    env: { REDIS_URL: url },
    faults: [
      masterKilled(servers, sentinels),
      masterPaused(servers, sentinels),
      failoverAskedFor(servers, sentinels),
      masterKilled(servers, sentinels),
    ],
  }
}

async function startServers({ directory, undo, program }: TestedRedisOptions): Promise<TestedServer[]> {
  const servers: TestedServer[] = []
  for (let index = 0; index < 3; index++) {
    const master = servers[0]
    const settings = {
      ...recommended,
      requirepass: password,
      masterauth: password,
      ...(master === undefined ? {} : { replicaof: `127.0.0.1 ${master.port}` }),
    }
    const server = createServer({
      ...{ port: await freePort(), dir: join(directory, `server-${index + 1}`), settings, program },
      connection: { password },
    })
    undo.push(() => server.kill())
    await server.start()
    servers.push(server)
  }
  return servers
}

async function startSentinels(
  { directory, undo, program }: TestedRedisOptions,
  [master]: TestedServer[],
): Promise<TestedServer[]> {
  const sentinels: TestedServer[] = []
  for (let index = 0; index < 3; index++) {
    const port = await freePort()
    const dir = join(directory, `sentinel-${index + 1}`)
    mkdirSync(dir, { recursive: true })
    const sentinelFile = join(dir, 'sentinel.conf')
    writeFileSync(
      sentinelFile,
      `port ${port}
bind 127.0.0.1
dir ${dir}
requirepass "${sentinelPassword}"
sentinel sentinel-pass "${sentinelPassword}"
sentinel monitor ${name} 127.0.0.1 ${master?.port} 2
sentinel auth-pass ${name} "${password}"
sentinel down-after-milliseconds ${name} ${downAfterMs}
sentinel failover-timeout ${name} 6000
`,
    )
    const connection = { password: sentinelPassword }
    const sentinel = createServer({ port, dir, settings: {}, program, sentinelFile, connection })
    undo.push(() => sentinel.kill())
    await sentinel.start()
    sentinels.push(sentinel)
  }
  return sentinels
}

/** Two replicas follow the master that all Sentinels name, and they know of each other. */
async function untilFollowed(servers: TestedServer[], sentinels: TestedServer[]): Promise<void> {
  await until(async () => {
    const ports = new Set(await Promise.all(sentinels.map(namedBy)))
    const [port] = ports
    const master = servers.find((server) => server.port === port)
    const info = String(await master?.ask('INFO', 'replication'))
    const [state] = [await sentinels[0]?.ask('SENTINEL', 'CKQUORUM', name)]
    return ports.size === 1 && /connected_slaves:2/.test(info) && String(state).startsWith('OK 3')
  }, 'two replicas and three Sentinels that agree')
}

async function namedBy(sentinel: TestedServer): Promise<number> {
  return Number([await sentinel.ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)].flat()[1])
}

async function masterOf(servers: TestedServer[], sentinels: TestedServer[]): Promise<TestedServer> {
  const port = sentinels[0] && (await namedBy(sentinels[0]))
  const master = servers.find((server) => server.port === port)
  if (!master) throw new Error('The Sentinels name a master that is none of ours')
  return master
}

async function untilAnother(
  servers: TestedServer[],
  sentinels: TestedServer[],
  than: TestedServer,
): Promise<void> {
  await until(async () => {
    const master = await masterOf(servers, sentinels)
    return master !== than && String(await master.ask('INFO', 'replication')).includes('role:master')
  }, 'another master')
}

function masterKilled(servers: TestedServer[], sentinels: TestedServer[]): RedisFault {
  const absence: Absence = { goes: (master) => master.kill(), comes: (master) => master.start() }
  return masterGone(servers, sentinels, 'the master is killed', absence)
}

function masterPaused(servers: TestedServer[], sentinels: TestedServer[]): RedisFault {
  const what = 'the master hangs, and comes back when another has its place'
  const absence: Absence = { goes: (master) => master.pause(), comes: (master) => master.resume() }
  return masterGone(servers, sentinels, what, absence)
}

function masterGone(
  servers: TestedServer[],
  sentinels: TestedServer[],
  what: string,
  { goes, comes }: Absence,
): RedisFault {
  let struck: TestedServer | undefined
  return {
    what,
    async strike() {
      struck = await masterOf(servers, sentinels)
      await goes(struck)
      await untilAnother(servers, sentinels, struck)
    },
    async heal() {
      if (struck) await comes(struck)
      await untilFollowed(servers, sentinels)
    },
  }
}

function failoverAskedFor(servers: TestedServer[], sentinels: TestedServer[]): RedisFault {
  return {
    what: 'the master is told to write no more, then the Sentinels to change it (SENTINEL FAILOVER)',
    async strike() {
      const master = await masterOf(servers, sentinels)
      // Sentinels let the old master go on until the new one is there: what it takes meanwhile is lost.
      await master.ask('CLIENT', 'PAUSE', pauseMs, 'WRITE')
      // Soon after another failover they say NOGOODSLAVE until they have asked the replicas how they are.
      await until(async () => (await sentinels[0]?.ask('SENTINEL', 'FAILOVER', name)) === 'OK', 'a failover')
      await untilAnother(servers, sentinels, master)
    },
    heal: () => untilFollowed(servers, sentinels),
  }
}
