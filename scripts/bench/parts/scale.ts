import type { Queue } from 'bullmq'
import type { Bench } from '../bench.ts'
import { accepted, sendAll } from '../client.ts'
import { createDeliveries } from '../deliveries.ts'
import { type Stub, startStub } from '../github.ts'
import type { Listening } from '../processes.ts'
import { countJobs, emptyRedis, product, secret, startReceiver } from '../receivers.ts'
import { inTurn } from '../rounds.ts'
import { cpuMs, monotonicMs } from '../usage.ts'
import { addDeployments, openQueue, startWorker, workerKinds } from '../workers.ts'

/** Work that sleeps, and so little at a time that the processor is not the limit: what is left is what workers cost each other. */
const atOnce = 2
const workSeconds = 0.4
/** How often each place has work; the first and the last times do not count. */
const times = 12

/** More processes: workers on simulated work, and receivers on one Redis. */
export async function scale(bench: Bench): Promise<void> {
  const stub = await startStub(bench)
  // A figure of seconds of sleep moves little.
  const rounds = Math.min(2, bench.rounds)
  for (let round = 0; round < rounds; round++) {
    for (const workers of inTurn([1, 2, 4, 8], round)) {
      bench.say(`scale: ${workers} workers, round ${round + 1} of ${rounds}`)
      bench.figures.add(`scale.workers.${workers}.perSecond`, await workersRate(workers, stub, bench))
    }
  }
  addShares(bench, 'workers', [1, 2, 4, 8])
  await receivers(bench)
  addShares(bench, 'receivers', [1, 2, 4])
}

function addShares({ figures }: Bench, what: string, counts: number[]): void {
  for (const count of counts) {
    const shares = figures.ratio(`scale.${what}.${count}.perSecond`, `scale.${what}.1.perSecond`)
    for (const share of shares) figures.add(`scale.${what}.${count}.byOne`, share)
  }
}

async function workersRate(count: number, stub: Stub, bench: Bench): Promise<number> {
  const [kind] = workerKinds
  if (kind === undefined) return Number.NaN
  const { own, redis } = await bench.redis({ persistent: false })
  const queue = openQueue(kind, redis)
  const options = { redisUrl: own.url, githubUrl: stub.url, concurrency: atOnce, workSeconds }
  const running = Array.from({ length: count }, () => startWorker(kind, options, bench))
  const places = count * atOnce
  try {
    await workOff(queue, 2 * places, stub)
    await workOff(queue, times * places, stub)
    const { calls } = await stub.calls()
    const ends = calls.flatMap(({ state, at }) => (state === 'success' ? [at] : [])).sort((a, b) => a - b)
    const [first = 0, last = 0] = [ends[places], ends[(times - 1) * places - 1]]
    return (((times - 2) * places - 1) * 1000) / (last - first)
  } finally {
    await Promise.all(running.map((each) => each.stop()))
    await queue.close()
    redis.disconnect()
    await own.close()
  }
}

async function workOff(queue: Queue, count: number, stub: Stub): Promise<void> {
  await queue.pause()
  await addDeployments(queue, count)
  await stub.reset()
  await queue.resume()
  await stub.finals(count)
}

const perReceiver = 2000
const connections = 16

async function receivers(bench: Bench): Promise<void> {
  const { own, redis } = await bench.redis({ persistent: true })
  const deliveries = createDeliveries('json', secret)
  const all: Listening[] = []
  for (let count = 0; count < 4; count++) all.push(await startReceiver(product, own.url, bench))
  for (const { port } of all) await sendAll(port, deliveries.next(1500), connections)
  for (let round = 0; round < bench.rounds; round++) {
    bench.say(`scale: receivers, round ${round + 1} of ${bench.rounds}`)
    for (const count of inTurn([1, 2, 4], round)) {
      await emptyRedis(redis)
      const some = all.slice(0, count)
      const lots = some.map(() => deliveries.next(perReceiver))
      const cpu = () => some.reduce((sum, { pid }) => sum + (cpuMs(pid) ?? Number.NaN), 0)
      const [before, begun] = [cpu(), monotonicMs()]
      const answered = await Promise.all(
        some.map(({ port }, index) => sendAll(port, lots[index] ?? [], connections)),
      )
      const [after, tookMs] = [cpu(), monotonicMs() - begun]
      const sent = count * perReceiver
      const taken = answered.reduce((sum, each) => sum + accepted(each), 0)
      const jobs = await countJobs(redis, product.waiting)
      if (taken !== sent || jobs !== sent)
        throw new Error(
          `${count} receivers: of ${sent} deliveries ${taken} were accepted and ${jobs} queued.`,
        )
      bench.figures.add(`scale.receivers.${count}.perSecond`, (sent * 1000) / tookMs)
      bench.figures.add(`scale.receivers.${count}.cpuMs`, (after - before) / sent)
    }
  }
}
