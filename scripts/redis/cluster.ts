import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { createServer, recommended, type TestedServer } from './server.ts'
import type { Absence, RedisFault, StartTestedRedis } from './tested-redis.ts'
import { until } from './until.ts'

/** Soon enough for a short run; Redis's own default is 15 s. */
const nodeTimeoutMs = 1500
const masters = 3

/** A Redis Cluster of six: three masters, three replicas. */
export const startCluster: StartTestedRedis = async ({ directory, undo, program }) => {
  const nodes: TestedServer[] = []
  for (let index = 0; index < 2 * masters; index++) {
    const port = await freePort()
    const settings = {
      ...recommended,
      'cluster-enabled': 'yes',
      'cluster-node-timeout': String(nodeTimeoutMs),
      'cluster-replica-validity-factor': '0',
      // The bus is at port + 10000 otherwise, which not every free port leaves room for.
      'cluster-port': String(await freePort()),
    }
    const node = createServer({ port, dir: join(directory, `node-${index + 1}`), settings, program })
    undo.push(() => node.kill())
    await node.start()
    nodes.push(node)
  }
  await joinTogether(nodes)
  const url = nodes.map(({ port }, index) => `${index === 0 ? 'redis://' : ''}127.0.0.1:${port}`).join(',')
  return {
    url,
    env: { REDIS_URL: url },
    faults: [masterKilled(nodes), masterPaused(nodes), failoverAskedFor(nodes), masterKilled(nodes)],
  }
}

/** What `redis-cli --cluster create` does, by the commands that it uses. */
async function joinTogether(nodes: TestedServer[]): Promise<void> {
  const [first] = nodes
  for (const [index, node] of nodes.entries()) {
    await node.ask('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)
    const bus = await busPort(node)
    if (node !== first) await first?.ask('CLUSTER', 'MEET', '127.0.0.1', node.port, bus)
  }
  for (let index = 0; index < masters; index++) {
    const [from, to] = [
      Math.ceil((16_384 * index) / masters),
      Math.ceil((16_384 * (index + 1)) / masters) - 1,
    ]
    await nodes[index]?.ask('CLUSTER', 'ADDSLOTSRANGE', from, to)
  }
  await until(
    async () => everyone(nodes, async (node) => (await known(node)).length === nodes.length),
    'six nodes',
  )
  for (let index = masters; index < nodes.length; index++) {
    const master = String(await nodes[index - masters]?.ask('CLUSTER', 'MYID'))
    await nodes[index]?.ask('CLUSTER', 'REPLICATE', master)
  }
  await untilWhole(nodes)
}

async function busPort(node: TestedServer): Promise<number> {
  return Number([await node.ask('CONFIG', 'GET', 'cluster-port')].flat()[1])
}

async function known(node: TestedServer): Promise<string[]> {
  const lines = String(await node.ask('CLUSTER', 'NODES'))
    .trim()
    .split('\n')
  return lines.filter((line) => !/handshake|fail/.test(line))
}

async function everyone(
  nodes: TestedServer[],
  holds: (node: TestedServer) => Promise<boolean>,
): Promise<boolean> {
  return (await Promise.all(nodes.map(holds))).every(Boolean)
}

/** Every master has a replica that follows it, and everyone knows that all is well. */
async function untilWhole(nodes: TestedServer[]): Promise<void> {
  await until(
    () =>
      everyone(nodes, async (node) => String(await node.ask('CLUSTER', 'INFO')).includes('cluster_state:ok')),
    'a Cluster that is whole',
  )
  await until(async () => {
    const replication = await Promise.all(
      nodes.map(async (node) => String(await node.ask('INFO', 'replication'))),
    )
    const following = replication.filter(
      (info) => /role:slave/.test(info) && /master_link_status:up/.test(info),
    )
    return following.length === nodes.length - masters
  }, 'replicas that follow')
}

/** The server that our keys are on now. */
async function ownerOf(nodes: TestedServer[], prefix: string): Promise<TestedServer> {
  const asked = nodes.find((node) => node.pid() !== undefined)
  const slot = Number(await asked?.ask('CLUSTER', 'KEYSLOT', prefix))
  for (const node of nodes) {
    const mine = await known(node).catch(() => [])
    const self = mine.find((line) => line.includes('myself'))
    if (self !== undefined && /master/.test(self) && hasSlot(self, slot)) return node
  }
  throw new Error(`Nobody has the slot ${slot}`)
}

function hasSlot(line: string, slot: number): boolean {
  return line
    .split(' ')
    .slice(8)
    .some((range) => {
      const [from, to = from] = range.split('-').map(Number)
      return from !== undefined && to !== undefined && slot >= from && slot <= to
    })
}

async function untilAnother(nodes: TestedServer[], than: TestedServer, prefix: string): Promise<void> {
  const others = nodes.filter((node) => node !== than)
  await until(async () => (await ownerOf(others, prefix)) !== than, 'another master of our slot')
}

function masterKilled(nodes: TestedServer[]): RedisFault {
  const what = 'the master that holds our slot is killed'
  return masterGone(nodes, what, { goes: (master) => master.kill(), comes: (master) => master.start() })
}

function masterPaused(nodes: TestedServer[]): RedisFault {
  const what = 'the master that holds our slot hangs, and comes back when another has its place'
  return masterGone(nodes, what, { goes: (master) => master.pause(), comes: (master) => master.resume() })
}

function masterGone(nodes: TestedServer[], what: string, { goes, comes }: Absence): RedisFault {
  let struck: TestedServer | undefined
  return {
    what,
    async strike(prefix) {
      struck = await ownerOf(nodes, prefix)
      await goes(struck)
      await untilAnother(nodes, struck, prefix)
    },
    async heal() {
      if (struck) await comes(struck)
      await untilWhole(nodes)
    },
  }
}

function failoverAskedFor(nodes: TestedServer[]): RedisFault {
  return {
    what: 'a replica is told to take over (CLUSTER FAILOVER)',
    async strike(prefix) {
      const owner = await ownerOf(nodes, prefix)
      const id = String(await owner.ask('CLUSTER', 'MYID'))
      for (const node of nodes) {
        const self = (await known(node)).find((line) => line.includes('myself'))
        if (self?.split(' ')[3] === id) await node.ask('CLUSTER', 'FAILOVER')
      }
      await until(async () => (await ownerOf(nodes, prefix)) !== owner, 'another master of our slot')
    },
    heal: () => untilWhole(nodes),
  }
}
