import { type Job, type JobsOptions, Queue, type Telemetry } from 'bullmq'
import type { Redis } from '../redis/redis.ts'
import type { JobName } from './job.ts'
import { openPools, type Pools } from './pools.ts'

/**
 * What there is to do, in Redis. Running deployments, and running checks, have queues of their own: neither holds up
 * the other, nor what is short.
 */
export interface Queues {
  deployments: Queue
  events: Queue
  checks: Queue
  /** Of deployments and checks, those that ask for workers of certain labels. */
  pools: Pools
}

export type QueueName = Exclude<keyof Queues, 'pools'>

/** The queue that each kind of job waits in. */
export const queueOf: Record<JobName, QueueName> = {
  'start-deployment': 'events',
  'process-deployment': 'deployments',
  'review-deployment': 'deployments',
  'announce-status': 'events',
  'ci-finished': 'events',
  check: 'events',
  'run-check': 'checks',
  'cancel-checks': 'events',
  'pull-request-changed': 'events',
  'merge-when-green': 'events',
  compare: 'events',
  command: 'events',
  'follow-command': 'events',
  'end-waiting': 'events',
}

/**
 * What may be asked for again as soon as it is done: to look once more is harmless, and GitHub's times are in whole
 * seconds, so that two changes of one pull request may look the same.
 */
export const repeatable: ReadonlySet<JobName> = new Set(['pull-request-changed', 'compare', 'end-waiting'])

/** How long it is remembered that a thing was asked for: longer than GitHub redelivers (3 days; Enterprise Server 7). */
export const rememberedMs = 8 * 24 * 3600 * 1000

/** Growing waits up to five minutes; this many of them make a day. */
const attemptsInADay = 400

const jobOptions: JobsOptions = {
  attempts: attemptsInADay,
  backoff: { type: 'custom' },
  removeOnComplete: { age: 24 * 3600, count: 10_000 },
  removeOnFail: { age: rememberedMs / 1000, count: 10_000 },
  stackTraceLimit: 5,
}

/**
 * What differs for a kind of job. There are many reports of CI for one merge: kept, they would soon push the
 * merges out of those that are. The same holds for changes of pull requests.
 */
export const optionsOf: Partial<Record<JobName, JobsOptions>> = {
  'ci-finished': { removeOnComplete: true, removeOnFail: { age: 3600, count: 100 } },
  'pull-request-changed': { removeOnComplete: true, removeOnFail: { age: 3600, count: 100 } },
  'end-waiting': { removeOnComplete: true, removeOnFail: { age: 3600, count: 100 } },
  // Its id must be free again when it is over: the pull request may be labelled once more.
  'merge-when-green': { removeOnComplete: true, removeOnFail: true },
  // Each comment has one.
  'follow-command': { removeOnComplete: true },
  // Whoever still looks asks again.
  compare: { attempts: 3, removeOnComplete: true, removeOnFail: true },
}

/**
 * Opens the queues to add jobs to them and look at them. Close them with {@link closeQueues}.
 *
 * skipWaitingForReady makes them fail at once while Redis is away; without skipVersionCheck beside it they
 * would stay broken after a start without Redis.
 *
 * @param telemetry carries traces with jobs; undefined: there are none
 */
export function openQueues(redis: Redis, prefix: string, telemetry?: Telemetry): Queues {
  const open = (name: string) => {
    const queue = new Queue(name, {
      connection: redis,
      prefix,
      defaultJobOptions: jobOptions,
      skipWaitingForReady: true,
      skipVersionCheck: true,
      ...(telemetry && { telemetry }),
    })
    // The connection itself logs its outages, once each; without a listener an error would end the process.
    queue.on('error', () => {})
    return queue
  }
  return {
    deployments: open('deployments'),
    events: open('events'),
    checks: open('checks'),
    pools: openPools(redis, prefix, open),
  }
}

/** All queues: those that are always there, and those of the pools. */
export async function allQueues({ deployments, events, checks, pools }: Queues): Promise<Queue[]> {
  const ofPools = await Promise.all([pools.of('deployments'), pools.of('checks')])
  return [deployments, events, checks, ...ofPools.flat()]
}

/** A job, in whichever of the queues of its kind it is. */
export async function findJob(queues: Queues, base: QueueName, id: string): Promise<Job | undefined> {
  const usual = await queues[base].getJob(id)
  if (usual) return usual
  for (const queue of await queues.pools.of(base)) {
    const job = await queue.getJob(id)
    if (job) return job
  }
  return undefined
}

/** Closes the queues; the connection stays open. */
export async function closeQueues(queues: Queues): Promise<void> {
  const { deployments, events, checks, pools } = queues
  await Promise.all([deployments.close(), events.close(), checks.close(), pools.close()])
}
