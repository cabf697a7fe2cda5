import type { Redis } from 'ioredis'
import type { Bench } from '../bench.ts'
import { accepted, sendAll } from '../client.ts'
import { type ContentType, createDeliveries, type Deliveries } from '../deliveries.ts'
import type { Listening } from '../processes.ts'
import {
  countJobs,
  emptyRedis,
  type ReceiverKind,
  receiverKinds,
  secret,
  startReceiver,
} from '../receivers.ts'
import { inTurn } from '../rounds.ts'
import { quantile } from '../statistics.ts'
import { cpuMs, rssMb } from '../usage.ts'

interface Cell {
  contentType: ContentType
  connections: number
}

/** How many requests make a figure; alone they take longer, and vary less. */
const requestsOf = (connections: number, quick: boolean) => (connections === 1 ? 1200 : quick ? 2400 : 3000)
const warmUps = 1500

/** Deliveries in, jobs in Redis: the product beside those who do less, and those who do the same as it is usually done. */
export async function ingest(bench: Bench): Promise<void> {
  const { quick, rounds, figures } = bench
  const { own, redis } = await bench.redis({ persistent: true })
  const kinds = receiverKinds.filter(({ name }) => !quick || quickly.has(name))
  const receivers: { kind: ReceiverKind; running: Listening }[] = []
  for (const kind of kinds) receivers.push({ kind, running: await startReceiver(kind, own.url, bench) })
  for (const { kind, running } of receivers) figures.add(`ingest.idle.${kind.name}.rssMb`, rssMb(running.pid))
  const deliveries = { json: createDeliveries('json', secret), form: createDeliveries('form', secret) }
  for (const { kind, running } of receivers) {
    for (const contentType of kind.contentTypes) {
      await sendAll(running.port, deliveries[contentType].next(warmUps), 16)
    }
    await emptyRedis(redis)
  }
  for (let round = 0; round < rounds; round++) {
    bench.say(`ingest: round ${round + 1} of ${rounds}`)
    for (const cell of cellsOf(quick)) {
      for (const { kind, running } of inTurn(receivers, round)) {
        if (!kind.contentTypes.includes(cell.contentType)) continue
        await measureCell(cell, kind, running, deliveries[cell.contentType], redis, bench)
      }
    }
  }
}

/** Whom the guard compares the product with. */
const quickly = new Set(['product', 'floor', 'probot'])

function cellsOf(quick: boolean): Cell[] {
  const counts = quick ? [16] : [1, 16, 64]
  return (['json', 'form'] as const).flatMap((contentType) =>
    counts.map((connections) => ({ contentType, connections })),
  )
}

/** Sends one lot of deliveries and adds what that took; throws if one was refused, or lost. */
export async function measureCell(
  { contentType, connections }: Cell,
  kind: ReceiverKind,
  { port, pid }: Listening,
  deliveries: Deliveries,
  redis: Redis,
  { figures, quick }: Pick<Bench, 'figures' | 'quick'>,
  part = 'ingest',
): Promise<void> {
  const requests = deliveries.next(requestsOf(connections, quick))
  const jobsBefore = await countJobs(redis, kind.waiting)
  const before = cpuMs(pid)
  const answered = await sendAll(port, requests, connections)
  const after = cpuMs(pid)
  const jobs = (await countJobs(redis, kind.waiting)) - jobsBefore
  refuseLoss(kind, requests.length, accepted(answered), jobs)
  const name = `${part}.${contentType}.${connections}.${kind.name}`
  figures.add(`${name}.perSecond`, (requests.length * 1000) / answered.elapsedMs)
  figures.add(`${name}.p50Ms`, quantile(answered.tookMs, 0.5))
  figures.add(`${name}.p99Ms`, quantile(answered.tookMs, 0.99))
  if (before !== undefined && after !== undefined)
    figures.add(`${name}.cpuMs`, (after - before) / requests.length)
  figures.add(`${name}.rssMb`, rssMb(pid))
  if (part === 'ingest') await emptyRedis(redis)
}

function refuseLoss(kind: ReceiverKind, sent: number, answered: number, jobs: number): void {
  if (answered !== sent) throw new Error(`${kind.title} accepted ${answered} of ${sent} deliveries.`)
  if (kind.waiting.length > 0 && jobs !== sent) {
    throw new Error(`${kind.title} accepted ${sent} deliveries and queued ${jobs} jobs.`)
  }
}
