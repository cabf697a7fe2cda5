import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import { type Stub, startStub } from '../github.ts'
import { benchFile, productFiles, startListening } from '../processes.ts'
import { adminToken, secret } from '../receivers.ts'
import { inTurn } from '../rounds.ts'
import { monotonicMs, rssMb } from '../usage.ts'
import { addDeployments, openQueue, startWorker, workerKinds } from '../workers.ts'

/**
 * So long after its start a process is idle: nothing has come, and V8 has given back what it took for the start, which it does within
 * half a minute. The quick run does not wait for that.
 */
const idleMs = 30_000

const receivers = [
  { name: 'product', file: productFiles.receiver },
  { name: 'bare', file: benchFile('yardsticks/bare-receiver.mjs') },
]

/** From a command to what it is for: the receiver listens, the worker asks GitHub for its first deployment. */
export async function start(bench: Bench): Promise<void> {
  const { own, redis } = await bench.redis({ persistent: true })
  const stub = await startStub(bench)
  // What is read from disk for the first time is slow for whoever comes first.
  const rounds = (bench.quick ? 7 : Math.max(7, bench.rounds)) + 1
  const queues = workerKinds.map((kind) => ({ kind, queue: openQueue(kind, redis) }))
  for (let round = 0; round < rounds; round++) {
    bench.say(`start: round ${round} of ${rounds - 1}`)
    const isMeasured = round > 0
    for (const { name, file } of inTurn(receivers, round)) {
      await startReceiver(name, file, own.url, bench, isMeasured)
    }
    for (const { kind, queue } of inTurn(queues, round)) {
      await addDeployments(queue, 1)
      await stub.reset()
      const running = startWorker(kind, { redisUrl: own.url, githubUrl: stub.url, concurrency: 10 }, bench)
      await stub.finals(1)
      if (isMeasured)
        bench.figures.add(`start.worker.${kind.name}.readyMs`, (await firstCallAt(stub)) - running.startedMs)
      if (round === 1 && !bench.quick) {
        await sleep(idleMs)
        bench.figures.add(`start.worker.${kind.name}.idleMb`, rssMb(running.pid))
      }
      await running.stop()
    }
  }
  for (const { queue } of queues) await queue.close()
}

async function startReceiver(
  name: string,
  file: string,
  redisUrl: string,
  bench: Bench,
  isMeasured: boolean,
) {
  const running = await startListening({
    name: `${name} receiver`,
    file,
    cwd: join(bench.directory, `receiver-${name}`),
    env: { REDIS_URL: redisUrl, GITHUB_WEBHOOK_SECRET: secret, ADMIN_TOKEN: adminToken },
    path: '/healthz',
    status: 200,
    ...(name === 'product' ? { nodeArguments: bench.nodeArguments } : {}),
  })
  const readyAt = monotonicMs()
  bench.undo.push(running.stop)
  if (isMeasured) bench.figures.add(`start.receiver.${name}.readyMs`, readyAt - running.startedMs)
  const isFirst = isMeasured && bench.figures.of(`start.receiver.${name}.idleMb`).length === 0
  if (isFirst && !bench.quick) {
    await sleep(idleMs)
    bench.figures.add(`start.receiver.${name}.idleMb`, rssMb(running.pid))
  }
  await running.stop()
}

async function firstCallAt(stub: Stub): Promise<number> {
  const { calls } = await stub.calls()
  return calls[0]?.at ?? Number.NaN
}
