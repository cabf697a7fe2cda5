import { createLogger } from '../../src/log/log.ts'
import { keyPrefixOf } from '../../src/redis/key-prefix.ts'
import { connectPatiently } from '../../src/redis/redis.ts'
import type { Link } from './cuttable-link.ts'
import type { Installation } from './installation.ts'
import { readJournal } from './journal.ts'
import type { Fault, GitHubFault, Target } from './plan.ts'
import type { Random } from './random.ts'
import { readRuns } from './runs.ts'
import type { Service } from './service.ts'

/** Takes back a fault. Harmless if it is over already. */
type TakeBack = () => unknown

/** How faults are done to an installation. */
export interface Striker {
  /** Does a fault and takes it back after its time. False if it could not strike: its target was down already. */
  strike(fault: Fault): Promise<boolean>
  /** Takes everything back, starts whatever is down, and waits until nothing is done any more. */
  heal(): Promise<void>
}

export function createStriker(installation: Installation, random: Random): Striker {
  const { redis, receiver, workers, links, sandbox } = installation
  const pending = new Map<NodeJS.Timeout, TakeBack>()
  const underWay = new Set<Promise<unknown>>()

  const follow = (work: unknown): void => {
    const promise = Promise.resolve(work)
    underWay.add(promise)
    void promise.finally(() => underWay.delete(promise))
  }
  const after = (ms: number, takeBack: TakeBack): true => {
    const timer = setTimeout(() => {
      pending.delete(timer)
      follow(takeBack())
    }, ms)
    pending.set(timer, takeBack)
    return true
  }

  return {
    async strike(fault) {
      return strikeOne(fault, installation, random, after)
    },
    async heal() {
      for (const [timer, takeBack] of pending) {
        clearTimeout(timer)
        follow(takeBack())
      }
      pending.clear()
      await Promise.all(underWay)
      sandbox.faults.clear()
      await redis.start()
      for (const link of links) link.restore()
      for (const service of [receiver, ...workers]) {
        service.resume()
        service.start()
      }
      await endPause(redis.url, sandbox.url)
    },
  }
}

async function strikeOne(
  fault: Fault,
  installation: Installation,
  random: Random,
  after: (ms: number, takeBack: TakeBack) => true,
): Promise<boolean> {
  const { sandbox, redis, receiver, workers, links, happenings } = installation
  const place = 'worker' in fault ? placeOf(fault.worker, installation) : 0
  const worker = workers[place] as Service
  const link = links[place] as Link
  switch (fault.kind) {
    case 'worker killed':
      return worker.kill() && after(fault.forMs, worker.start)
    case 'worker paused':
      return worker.pause() && after(fault.forMs, worker.resume)
    case 'worker drained':
      return worker.drain() && after(0, worker.start)
    case 'worker cut off Redis': {
      happenings.note('cut', worker.name)
      link.cut(fault.cut)
      return after(fault.forMs, () => {
        happenings.note('restored', worker.name)
        link.restore()
      })
    }
    case 'receiver killed':
      return receiver.kill() && after(fault.forMs, receiver.start)
    case 'Redis killed':
      await redis.kill()
      return after(fault.forMs, redis.start)
    case 'deliveries lost': {
      const { event, times, unrecorded } = fault
      sandbox.faults.loseDeliveries({ event, times, unrecorded })
      return true
    }
    case 'delivery repeated': {
      const known = sandbox.deliveries().filter(({ event }) => event !== 'ping')
      return known.length > 0 && Boolean(sandbox.redeliver(random.pick(known).id))
    }
    default:
      return strikeGitHub(fault, installation, after)
  }
}

/** The place of the worker that is meant: of those at work, the one that has been longest. */
function placeOf(target: Target, { workers, journal, happenings }: Installation): number {
  if (target !== 'busy') return target
  const busy = readRuns(readJournal(journal), happenings.list).filter(({ ended }) => ended === 'never')
  const places = busy.map(({ pid }) => workers.findIndex((worker) => worker.pid() === pid))
  return places.find((place) => place >= 0) ?? 0
}

function strikeGitHub(
  { kind, rule, forMs }: Extract<Fault, { kind: GitHubFault }>,
  { sandbox, redis }: Installation,
  after: (ms: number, takeBack: TakeBack) => true,
): true {
  const struck = sandbox.faults.add(rule)
  if (forMs === undefined) return true
  return after(forMs, async () => {
    struck.times = struck.hits
    if (kind === 'GitHub 401') await endPause(redis.url, sandbox.url)
  })
}

/** After a 401 the fleet leaves GitHub alone for a minute: too long for a test. What met it sleeps its minute. */
async function endPause(redisUrl: string, githubUrl: string): Promise<void> {
  const redis = connectPatiently(redisUrl, createLogger('silent', 'faults'))
  try {
    await redis.del(`${keyPrefixOf(githubUrl)}:github:pause`)
  } finally {
    redis.disconnect()
  }
}
