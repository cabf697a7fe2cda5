import type { Queue } from 'bullmq'
import type { Bench } from '../bench.ts'
import { type Call, type Stub, startStub } from '../github.ts'
import type { Running } from '../processes.ts'
import { emptyRedis } from '../receivers.ts'
import { inTurn } from '../rounds.ts'
import { cpuMs, monotonicMs, rssMb } from '../usage.ts'
import { addDeployments, openQueue, startWorker, type WorkerKind, workerKinds } from '../workers.ts'

/** How many deployments make a figure. One after another they take longer. */
const countOf = (concurrency: number, quick: boolean) => (concurrency === 1 ? 150 : quick ? 300 : 500)
const warmUps = 150

export interface Fleet {
  kind: WorkerKind
  running: Running
  queue: Queue
}

/** Deployments that do nothing, with their statuses at GitHub: beside a worker that only makes the same calls. */
export async function worker(bench: Bench): Promise<void> {
  const { own, redis } = await bench.redis({ persistent: true })
  const stub = await startStub(bench)
  for (const concurrency of bench.quick ? [10] : [1, 10, 50, 100]) {
    const fleets = workerKinds.map((kind) => ({
      kind,
      running: startWorker(kind, { redisUrl: own.url, githubUrl: stub.url, concurrency }, bench),
      queue: openQueue(kind, redis),
    }))
    for (const fleet of fleets) await workOff(fleet, warmUps, stub)
    for (let round = 0; round < bench.rounds; round++) {
      bench.say(`worker: ${concurrency} at once, round ${round + 1} of ${bench.rounds}`)
      for (const fleet of inTurn(fleets, round)) await measureFleet(fleet, concurrency, stub, bench)
    }
    for (const { running, queue } of fleets) {
      await running.stop()
      await queue.close()
    }
    await emptyRedis(redis)
  }
}

async function measureFleet(fleet: Fleet, concurrency: number, stub: Stub, bench: Bench): Promise<void> {
  const { kind, running } = fleet
  const count = countOf(concurrency, bench.quick)
  const { tookMs, cpu } = await workOff(fleet, count, stub)
  const { calls, connections } = await stub.calls()
  refuseWrong(kind, calls, count)
  const name = `worker.${concurrency}.${kind.name}`
  bench.figures.add(`${name}.perSecond`, (count * 1000) / tookMs)
  bench.figures.add(`${name}.cpuMs`, cpu === undefined ? undefined : cpu / count)
  bench.figures.add(`${name}.rssMb`, rssMb(running.pid))
  bench.figures.add(`${name}.calls`, calls.length / count)
  bench.figures.add(`${name}.connections`, connections)
}

/** Lets a worker do so many deployments that wait for it already. */
export async function workOff({ queue, running }: Fleet, count: number, stub: Stub) {
  await queue.pause()
  await addDeployments(queue, count)
  await stub.reset()
  const [before, begun] = [cpuMs(running.pid), monotonicMs()]
  await queue.resume()
  await stub.finals(count)
  const tookMs = monotonicMs() - begun
  await untilIdle(queue)
  const after = cpuMs(running.pid)
  return { tookMs, cpu: before === undefined || after === undefined ? undefined : after - before }
}

/** What comes after the last status counts, too. */
async function untilIdle(queue: Queue): Promise<void> {
  for (;;) {
    const { active = 0, waiting = 0, delayed = 0 } = await queue.getJobCounts('active', 'waiting', 'delayed')
    if (active + waiting + delayed === 0) return
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

function refuseWrong(kind: WorkerKind, calls: Call[], count: number): void {
  const successes = calls.filter(({ state }) => state === 'success').length
  if (successes !== count) throw new Error(`${kind.title} brought ${successes} of ${count} to success.`)
}
