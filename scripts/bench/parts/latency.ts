import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import { accepted, sendAll } from '../client.ts'
import { deploymentDelivery } from '../deliveries.ts'
import { type Call, type Stub, startStub } from '../github.ts'
import { benchFile } from '../processes.ts'
import { product, secret, startReceiver } from '../receivers.ts'
import { quantile } from '../statistics.ts'
import { startWorker, workerKinds } from '../workers.ts'

const running = 100
/** One after another, each round; the p99 of so many is little more than their worst. */
const perRound = 60
const warmUps = 20

/** The way of one deployment, from the webhook to what GitHub is told; alone, and while many others run. */
export async function latency(bench: Bench): Promise<void> {
  const { own } = await bench.redis({ persistent: true })
  const stub = await startStub(bench)
  const configFile = writeConfig(bench.directory)
  const receiver = await startReceiver(product, own.url, bench, { CONFIG_FILE: configFile })
  const [kind] = workerKinds
  if (kind === undefined) return
  startWorker(kind, { redisUrl: own.url, githubUrl: stub.url, concurrency: running + 20, configFile }, bench)
  for (let count = 0; count < warmUps; count++) await deployOne(receiver.port, stub)
  await measure('idle', receiver.port, stub, bench)
  await stub.reset()
  for (let lane = 1; lane <= running; lane++) await send(receiver.port, `long-${lane}`)
  await untilRunning(stub)
  await measure('busy', receiver.port, stub, bench)
}

async function measure(when: string, port: number, stub: Stub, bench: Bench): Promise<void> {
  for (let round = 0; round < bench.rounds; round++) {
    bench.say(`latency: ${when}, round ${round + 1} of ${bench.rounds}`)
    const found = { pending: [] as number[], begun: [] as number[], final: [] as number[] }
    for (let count = 0; count < perRound; count++) {
      const one = await deployOne(port, stub)
      for (const step of ['pending', 'begun', 'final'] as const) found[step].push(one[step])
    }
    for (const [step, values] of Object.entries(found)) {
      bench.figures.add(`latency.${when}.${step}.medianMs`, quantile(values, 0.5))
      bench.figures.add(`latency.${when}.${step}.p99Ms`, quantile(values, 0.99))
    }
  }
}

async function deployOne(port: number, stub: Stub) {
  await stub.reset()
  const { id, sentAt } = await send(port, 'quick')
  await stub.finals(1)
  const { calls } = await stub.calls()
  return timesOf(
    calls.filter(({ deployment }) => deployment === id),
    sentAt,
  )
}

/** How long it was until each status came to GitHub, without the time that GitHub's own answers took on the way. Pure. */
export function timesOf(calls: readonly Call[], sentAt: number) {
  const until = (state: string, from: number): number => {
    const at = calls.find((call) => call.state === state)?.at ?? Number.NaN
    const answering = calls.filter((call) => call.at >= from && call.at + call.tookMs <= at)
    return at - from - answering.reduce((sum, { tookMs }) => sum + tookMs, 0)
  }
  const last = calls.find(({ state }) => state === 'success')
  const endedAt = Number(last?.description.replace('ended ', ''))
  return {
    pending: until('pending', sentAt),
    begun: until('in_progress', sentAt),
    final: until('success', endedAt),
  }
}

let lastId = 3_000_000_000

async function send(port: number, environment: string): Promise<{ id: number; sentAt: number }> {
  const id = ++lastId
  const answered = await sendAll(port, [deploymentDelivery(environment, id, secret)], 1)
  if (accepted(answered) !== 1) throw new Error(`The delivery for ${environment} was not accepted.`)
  return { id, sentAt: answered.begunMs }
}

async function untilRunning(stub: Stub): Promise<void> {
  const limit = AbortSignal.timeout(60_000)
  for (;;) {
    limit.throwIfAborted()
    const { calls } = await stub.calls()
    if (calls.filter(({ state }) => state === 'in_progress').length >= running) return
    await sleep(50)
  }
}

/** An environment that is done at once, and many that are never done; JSON is YAML. */
function writeConfig(directory: string): string {
  const names = ['quick', ...Array.from({ length: running }, (_, index) => `long-${index + 1}`)]
  const rules = { on: 'manual', use: benchFile('executor.mjs'), timeout: '2h' }
  const environments = Object.fromEntries(names.map((name) => [name, rules]))
  const file = join(directory, 'livraison.yml')
  writeFileSync(file, JSON.stringify({ repositories: { 'Codertocat/*': { environments } } }))
  return file
}
