import { freemem } from 'node:os'
import type { Redis } from 'ioredis'
import { gitHubComPrefix } from '../../../src/redis/key-prefix.ts'
import type { Bench } from '../bench.ts'
import { createDeliveries, type Deliveries } from '../deliveries.ts'
import { type Filled, fill } from '../fill.ts'
import { type Stub, startStub } from '../github.ts'
import { growthSizes } from '../goals.ts'
import { measure } from '../measure.ts'
import { pathsToMeasure } from '../paths.ts'
import type { Listening } from '../processes.ts'
import { adminToken, product, secret, startReceiver } from '../receivers.ts'
import { inTurn } from '../rounds.ts'
import { median } from '../statistics.ts'
import { monotonicMs } from '../usage.ts'
import { openQueue, startWorker, workerKinds } from '../workers.ts'
import { measureCell } from './ingest.ts'
import { type Fleet, workOff } from './worker.ts'

/** An installation with a record of some length. */
interface Grown {
  records: number
  redis: Redis
  receiver: Listening
  filled: Filled | undefined
}

const environments = 500
/** A record takes less than two; what else is on the machine wants some, too. */
const bytesARecord = 3000
const deploymentsOfWorker = 200
const pageTimes = 15

/** The same figures with an empty record, a usual one and a very long one: three installations side by side. */
export async function growth(bench: Bench): Promise<void> {
  const stub = await startStub(bench)
  const grown: Grown[] = []
  for (const records of growthSizes) {
    if (records * bytesARecord > freemem()) bench.note(`No room for ${records} records in memory: left out.`)
    else grown.push(await grow(records, stub, bench))
  }
  const deliveries = createDeliveries('json', secret)
  for (const one of grown) await ingestOnce(one, deliveries, { ...bench, figures: discarded })
  for (let round = 0; round < bench.rounds; round++) {
    bench.say(`growth: ingest, round ${round + 1} of ${bench.rounds}`)
    for (const one of inTurn(grown, round)) await ingestOnce(one, deliveries, bench)
  }
  for (const one of grown) await measurePages(one, grown, bench)
  addRatios(grown, bench)
}

const discarded = { add() {}, of: () => [], ratio: () => [], all: () => ({}) }

async function grow(records: number, stub: Stub, bench: Bench): Promise<Grown> {
  bench.say(`growth: ${records.toLocaleString('en')} records`)
  const { own, redis } = await bench.redis({ persistent: false })
  const before = await usedBytes(redis)
  const options = { environments, deployments: records, days: 80, seed: 1, now: Date.now() }
  const filled = records > 0 ? await fill(redis, gitHubComPrefix, options) : undefined
  const after = await usedBytes(redis)
  const name = `growth.${records}`
  bench.figures.add(`${name}.redisMb`, after / 1e6)
  if (records > 0) bench.figures.add(`${name}.recordKb`, (after - before) / records / 1000)
  await measureWorker(name, own.url, redis, stub, bench)
  const begun = monotonicMs()
  const receiver = await startReceiver(product, own.url, bench)
  bench.figures.add(`${name}.startMs`, monotonicMs() - begun)
  return { records, redis, receiver, filled }
}

async function usedBytes(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
}

async function measureWorker(name: string, redisUrl: string, redis: Redis, stub: Stub, bench: Bench) {
  const [kind] = workerKinds
  if (kind === undefined) return
  const running = startWorker(kind, { redisUrl, githubUrl: stub.url, concurrency: 10 }, bench)
  const fleet: Fleet = { kind, running, queue: openQueue(kind, redis) }
  await workOff(fleet, deploymentsOfWorker, stub)
  for (let round = 0; round < Math.min(3, bench.rounds); round++) {
    const { cpu } = await workOff(fleet, deploymentsOfWorker, stub)
    bench.figures.add(`${name}.worker.cpuMs`, cpu === undefined ? undefined : cpu / deploymentsOfWorker)
  }
  await running.stop()
  await fleet.queue.close()
}

async function ingestOnce(
  { records, redis, receiver }: Grown,
  deliveries: Deliveries,
  bench: Pick<Bench, 'figures' | 'quick'>,
): Promise<void> {
  const cell = { contentType: 'json' as const, connections: 16 }
  await measureCell(cell, product, receiver, deliveries, redis, bench, `growth.${records}`)
}

/** With an empty record, what is asked for is what another has: what is not there is left out. */
async function measurePages({ records, receiver, filled }: Grown, grown: Grown[], bench: Bench) {
  const from = filled ?? grown.find((one) => one.filled)?.filled
  if (!from) return
  const headers = { authorization: `Bearer ${adminToken}` }
  const options = { url: `http://127.0.0.1:${receiver.port}`, headers, pid: receiver.pid }
  let fails = 0
  for (const { name, path } of pathsToMeasure(from)) {
    bench.say(`growth: ${records.toLocaleString('en')} records, ${name}`)
    const { failed, medianMs, cpuMs } = await measure(path, { ...options, times: pageTimes, warmUps: 4 })
    // With an empty record there is nothing to be seen of a deployment.
    if (failed.size > 0 && records === 0) continue
    if (failed.size > 0) {
      const statuses = [...failed.keys()].join(', ')
      bench.note(`With ${records.toLocaleString('en')} records, ${name} is answered with ${statuses}.`)
      fails += 1
      continue
    }
    bench.figures.add(`growth.${records}.page.${name}.ms`, medianMs)
    bench.figures.add(`growth.${records}.page.${name}.cpuMs`, cpuMs)
  }
  bench.figures.add(`growth.${records}.pages.failed`, fails)
}

/** How much more the answers take with the longest record than with a usual one: the median of all of them. */
function addRatios(grown: Grown[], { figures }: Bench): void {
  const [few, many] = [growthSizes[1], growthSizes[2]]
  if (!grown.some(({ records }) => records === many)) return
  const names = Object.keys(figures.all()).filter((name) => name.startsWith(`growth.${many}.page.`))
  const timeNames = names.filter((name) => name.endsWith('.ms'))
  const ratios = timeNames.flatMap((name) => figures.ratio(name, name.replace(`${many}`, `${few}`)))
  figures.add(`growth.${many}.pages.byFew`, median(ratios))
}
