import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeQueues, openQueues, type Queues } from '../../src/jobs/queues.ts'
import { createLogger } from '../../src/log/log.ts'
import { keyPrefixOf } from '../../src/redis/key-prefix.ts'
import { connectPatiently, type Redis } from '../../src/redis/redis.ts'
import { now } from '../faults/clock.ts'
import { endAll } from '../faults/end-all.ts'
import { type Evidence, gatherEvidence } from '../faults/evidence.ts'
import { copyBuild, type Installation, startInstallation } from '../faults/installation.ts'
import { judge, judgeAll } from '../faults/judge.ts'
import { keepBusy } from '../faults/load.ts'
import type { Problem } from '../faults/problem.ts'
import { untilQuiet } from '../faults/quiet.ts'
import { createUndo } from '../undo.ts'
import { type Forgotten, watchWrites } from './forgotten.ts'
import type { RedisFault, StartTestedRedis, TestedRedis } from './tested-redis.ts'

export interface RedisRunOptions {
  start: StartTestedRedis
  program?: string | undefined
  /** How many of its faults strike. */
  faults: number
  /** Seconds of work before the first fault, between two, and after the last. */
  pause: number
  seed: number
  workers: number
  say: (line: string) => void
}

export interface RedisOutcome {
  evidence: Evidence
  problems: Problem[]
  /** What was acknowledged and was not in Redis any more after each fault. */
  forgotten: Forgotten[]
  quietAfterMs: number | undefined
  said: Installation['said']
}

const reconcileSeconds = 5
/** A lease that no failover outlasts, as the 30 s of real life: then nothing is run twice. */
const patience = { LEASE_SECONDS: '15' }
const quietLimitMs = 120_000

/** Runs Livraison on a Redis whose masters change while deployments run, and judges what it has done. */
export async function runRedis(options: RedisRunOptions): Promise<RedisOutcome> {
  const directory = mkdtempSync(join(tmpdir(), 'livraison-redis-'))
  const undo = createUndo()
  undo.push(() => rmSync(directory, { recursive: true, force: true }))
  try {
    const { start, program, workers } = options
    const redis = await start({ directory: join(directory, 'redis'), undo, program })
    const installation = await startInstallation(
      copyBuild(directory),
      { directory, workers, reconcileSeconds, redis: { url: redis.url, env: { ...redis.env, ...patience } } },
      undo,
    )
    const outcome = await play(installation, redis, options)
    outcome.problems.push(...(await endAll(installation)))
    return outcome
  } finally {
    await undo.all()
  }
}

async function play(
  installation: Installation,
  tested: TestedRedis,
  options: RedisRunOptions,
): Promise<RedisOutcome> {
  const redis = connectPatiently(tested.url, createLogger('silent', 'redis-test'), tested.tls)
  const queues = openQueues(redis, keyPrefixOf(installation.sandbox.url))
  try {
    const { sandbox, repositories } = installation
    const stop = new AbortController()
    const busy = keepBusy(sandbox, repositories, options.seed, stop.signal)
    const forgotten = await strikeAll(installation, tested, redis, options)
    stop.abort()
    await busy
    options.say('healed; waiting until it is quiet')
    return await conclude(installation, tested, redis, queues, forgotten)
  } finally {
    await closeQueues(queues)
    redis.disconnect()
  }
}

async function strikeAll(
  installation: Installation,
  tested: TestedRedis,
  redis: Redis,
  { faults, pause, say }: RedisRunOptions,
): Promise<Forgotten[]> {
  const beganAt = now()
  const seconds = () => `${((now() - beganAt) / 1000).toFixed(1).padStart(7)} s`
  const forgotten: Forgotten[] = []
  const struck = Array.from({ length: faults }, (_none, index) => tested.faults[index % tested.faults.length])
  await sleep(pause * 1000)
  for (const fault of struck.filter((each): each is RedisFault => each !== undefined)) {
    const { what } = fault
    const look = await watchWrites(installation, tested, redis)
    say(`${seconds()}  ${what}`)
    installation.happenings.note('killed', 'Redis')
    const strikesAt = now()
    await fault.strike(keyPrefixOf(installation.sandbox.url))
    installation.happenings.note('started', 'Redis')
    say(`${seconds()}  a master is in charge again`)
    forgotten.push({ ...(await look(what)), masterAfterMs: now() - strikesAt })
    await sleep(pause * 1000)
    await fault.heal()
    say(`${seconds()}  all servers are back`)
  }
  return forgotten
}

async function conclude(
  installation: Installation,
  tested: TestedRedis,
  redis: Redis,
  queues: Queues,
  forgotten: Forgotten[],
): Promise<RedisOutcome> {
  const judgeOver = (evidence: Evidence) =>
    judgeAll(evidence).filter((problem) => !isForgotten(problem, forgotten))
  const quietAfterMs = await untilQuiet(installation, redis, queues, judgeOver, quietLimitMs)
  const evidence = await gatherEvidence(installation, redis, queues)
  const refused = (await tested.refusals?.()) ?? []
  const problems = [
    ...judge(evidence).filter((problem) => !isForgotten(problem, forgotten)),
    ...judgeTwice(evidence),
    ...refused.map((message): Problem => ({ kind: 'violation', message: `Redis refused ${message}` })),
  ]
  return { evidence, problems, forgotten, quietAfterMs, said: installation.said }
}

/** What ended at GitHub before Redis forgot of it is told as such: nobody can know that there was a record. */
function isForgotten({ kind, message, deployment }: Problem, faults: Forgotten[]): boolean {
  const isOfRecord = kind === 'left over' && message.endsWith('has no record')
  return isOfRecord && faults.some(({ forgotten }) => forgotten.includes(`deployment-${deployment}`))
}

/** Work that came to its end twice, whatever happened to Redis in between. */
function judgeTwice({ stories }: Evidence): Problem[] {
  return stories
    .filter(({ runs }) => runs.filter(({ ended }) => ended === 'end').length > 1)
    .map(({ deployment: { id } }) => ({
      kind: 'needless rerun',
      message: `#${id} was run to its end twice`,
      deployment: id,
    }))
}
