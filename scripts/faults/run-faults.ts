import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeQueues, openQueues } from '../../src/jobs/queues.ts'
import { createLogger } from '../../src/log/log.ts'
import { keyPrefixOf } from '../../src/redis/key-prefix.ts'
import { connectPatiently } from '../../src/redis/redis.ts'
import { createUndo } from '../undo.ts'
import { now } from './clock.ts'
import { endAll } from './end-all.ts'
import { type Evidence, gatherEvidence } from './evidence.ts'
import { copyBuild, type Installation, startInstallation } from './installation.ts'
import { judge, judgeAcknowledged, judgeAll, judgeJobs } from './judge.ts'
import { keepBusy } from './load.ts'
import { type FaultKind, type Planned, planFaults } from './plan.ts'
import type { Problem } from './problem.ts'
import { redeliverFailed, untilQuiet } from './quiet.ts'
import { seededRandom } from './random.ts'
import { createStriker, type Striker } from './strike.ts'

export interface RunOptions {
  seconds: number
  seed: number
  workers: number
  /** Who brings back what nobody acknowledged: Livraison's reconciler, or we, at the end. */
  lost: 'reconciler' | 'harness'
  /** Changes the copy of the build that is about to be run. */
  sabotage?: (dist: string) => void
  /** How long all of it may take to come to its end once everything is healed. */
  quietLimitMs: number
  say: (line: string) => void
}

export interface Outcome {
  struck: Map<FaultKind, number>
  skipped: number
  evidence: Evidence
  problems: Problem[]
  deliveries: { all: number; acknowledged: number; redelivered: number }
  /** Milliseconds from the end of all faults until all that was acknowledged was over. */
  quietAfterMs: number | undefined
  said: Installation['said']
}

const reconcileSeconds = 5

/** Runs Livraison through all faults of a seed while work keeps coming, heals it, and judges what it has done. */
export async function runFaults(options: RunOptions): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'livraison-faults-'))
  const undo = createUndo()
  undo.push(() => rmSync(directory, { recursive: true, force: true }))
  try {
    const dist = copyBuild(directory)
    options.sabotage?.(dist)
    const { workers, lost } = options
    const seconds = lost === 'reconciler' ? reconcileSeconds : 0
    const installation = await startInstallation(
      dist,
      { directory, workers, reconcileSeconds: seconds },
      undo,
    )
    const outcome = await play(installation, options)
    outcome.problems.push(...(await endAll(installation)))
    return outcome
  } finally {
    await undo.all()
  }
}

async function play(installation: Installation, options: RunOptions): Promise<Outcome> {
  const { seed, lost } = options
  const random = seededRandom(seed + 2)
  const striker = createStriker(installation, random)
  const plan = planFaults({ ...options, unrecordedLosses: lost === 'reconciler' })
  const stop = new AbortController()
  const busy = keepBusy(installation.sandbox, installation.repositories, seed, stop.signal)
  const { struck, skipped } = await strikeAll(plan, striker, options)
  stop.abort()
  await busy
  await striker.heal()
  options.say('healed; waiting until it is quiet')

  const redis = connectPatiently(installation.redis.url, createLogger('silent', 'faults'))
  const queues = openQueues(redis, keyPrefixOf(installation.sandbox.url))
  try {
    // Only the reconciler brings back what was not acknowledged without being asked.
    const judgeOver = lost === 'reconciler' ? judgeAll : judgeAcknowledged
    const quietAfterMs = await untilQuiet(installation, redis, queues, judgeOver, options.quietLimitMs)
    const atFirst = await gatherEvidence(installation, redis, queues)
    const problems = [...judgeAcknowledged(atFirst), ...judgeJobs(atFirst)]
    const redelivered =
      lost === 'harness' ? await bringBack(installation, redis, queues, options.quietLimitMs) : 0
    const evidence = await gatherEvidence(installation, redis, queues)
    const known = new Set(problems.map(({ message }) => message))
    problems.push(...judge(evidence).filter(({ message }) => !known.has(message)))
    const all = installation.sandbox.deliveries()
    const acknowledged = all.filter(({ statusCode }) => statusCode >= 200 && statusCode < 300).length
    const deliveries = { all: all.length, acknowledged, redelivered }
    return { struck, skipped, evidence, problems, deliveries, quietAfterMs, said: installation.said }
  } finally {
    await closeQueues(queues)
    redis.disconnect()
  }
}

async function strikeAll(
  plan: Planned[],
  striker: Striker,
  { seconds, say }: RunOptions,
): Promise<Pick<Outcome, 'struck' | 'skipped'>> {
  const struck = new Map<FaultKind, number>()
  let skipped = 0
  const beganAt = now()
  const until = (atMs: number): Promise<unknown> => sleep(Math.max(0, beganAt + atMs - now()))
  for (const { atMs, fault } of plan) {
    await until(atMs)
    const did = await striker.strike(fault)
    say(`${(atMs / 1000).toFixed(1).padStart(7)} s  ${did ? '' : '(skipped) '}${JSON.stringify(fault)}`)
    if (did) struck.set(fault.kind, (struck.get(fault.kind) ?? 0) + 1)
    else skipped += 1
  }
  await until(seconds * 1000)
  return { struck, skipped }
}

/** Asks for what nobody acknowledged, until there is nothing left to ask for. */
async function bringBack(
  installation: Installation,
  redis: Parameters<typeof untilQuiet>[1],
  queues: Parameters<typeof untilQuiet>[2],
  quietLimitMs: number,
): Promise<number> {
  let redelivered = 0
  for (let turn = 0; turn < 5; turn++) {
    const asked = redeliverFailed(installation)
    if (asked === 0) break
    redelivered += asked
    if ((await untilQuiet(installation, redis, queues, judgeAll, quietLimitMs)) === undefined) break
  }
  return redelivered
}
