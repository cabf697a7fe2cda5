import type { Queue } from 'bullmq'
import { Gauge, type Registry } from 'prom-client'
import { deploymentKeys, type Keys } from '../deployments/keys.ts'
import { hasAll, usualLabels } from '../jobs/labels.ts'
import { pooled, readQueueName } from '../jobs/pools.ts'
import { allQueues, type Queues } from '../jobs/queues.ts'
import { toPlace } from '../overview/places.ts'
import type { Redis } from '../redis/redis.ts'
import { redisTime } from '../redis/time.ts'
import { openWorkers, type Workers } from '../workers/roster.ts'
import { addOutboxMetrics } from './outbox-metrics.ts'

const states = ['waiting', 'active', 'delayed', 'failed'] as const

/** Of so many jobs that are worked on it is looked how long they have been. */
const mostActive = 200

/** How many lanes are looked at in one round trip. */
const lanesAtOnce = 500

/**
 * Shows how the whole installation stands. Gives what reads that from Redis: to be called whenever somebody asks, so that each
 * receiver says the same.
 */
export function addStateMetrics(
  registry: Registry,
  redis: Redis,
  queues: Queues,
  prefix: string,
): () => Promise<void> {
  const registers = [registry]
  const jobs = new Gauge({
    name: 'livraison_jobs',
    help: 'Jobs in a queue, by state.',
    labelNames: ['queue', 'state'] as const,
    registers,
  })
  const oldest = new Gauge({
    name: 'livraison_oldest_waiting_job_seconds',
    help: 'How long the job has waited that is next; 0 if none waits. It grows when workers are missing.',
    labelNames: ['queue'] as const,
    registers,
  })
  const attending = new Gauge({
    name: 'livraison_attending_workers',
    help: 'Workers that are running and may take jobs from a queue, by their labels; 0: nobody is there for it.',
    labelNames: ['queue'] as const,
    registers,
  })
  const roster = openWorkers(redis, prefix)
  const longest = new Gauge({
    name: 'livraison_oldest_active_job_seconds',
    help: 'How long the job has been worked on that was begun first; 0 if none is.',
    labelNames: ['queue'] as const,
    registers,
  })
  const workers = new Gauge({ name: 'livraison_workers', help: 'Workers that are running.', registers })
  const lanes = new Gauge({
    name: 'livraison_lanes',
    help: 'Environments in which a deployment runs, waits for its turn, or is held back.',
    labelNames: ['state'] as const,
    registers,
  })
  const trip = new Gauge({
    name: 'livraison_redis_round_trip_seconds',
    help: 'How long Redis took to answer just now.',
    registers,
  })

  const lookAtOutbox = addOutboxMetrics(registry, redis, queues, prefix)

  return async () => {
    const begun = performance.now()
    await redisTime(redis, deploymentKeys(prefix).all)
    trip.set((performance.now() - begun) / 1000)
    const [all, nowMs] = await Promise.all([allQueues(queues), redisTime(redis, deploymentKeys(prefix).all)])
    await Promise.all([
      countJobs(all, jobs),
      countLanes(redis, prefix, lanes),
      findOldest(all, nowMs, oldest, longest),
      lookAtOutbox(nowMs),
      countWorkers(roster, workers, attending),
    ])
  }
}

async function countWorkers(alive: Workers, workers: Gauge, attending: Gauge<'queue'>): Promise<void> {
  const roster = await alive.look()
  workers.set(roster.workers.length)
  for (const queue of [...pooled, ...roster.pools]) {
    const needed = readQueueName(queue)?.labels ?? usualLabels
    attending.set({ queue }, roster.workers.filter(({ labels }) => hasAll(labels, needed)).length)
  }
}

async function countJobs(queues: readonly Queue[], jobs: Gauge<'queue' | 'state'>): Promise<void> {
  await Promise.all(
    queues.map(async (queue) => {
      const counts = await queue.getJobCounts(...states)
      for (const state of states) jobs.set({ queue: queue.name, state }, counts[state] ?? 0)
    }),
  )
}

async function findOldest(
  queues: readonly Queue[],
  nowMs: number,
  oldest: Gauge<'queue'>,
  longest: Gauge<'queue'>,
): Promise<void> {
  const since = (at: number | undefined) => (at === undefined ? 0 : Math.max(0, (nowMs - at) / 1000))
  await Promise.all(
    queues.map(async (queue) => {
      const [[next], active] = await Promise.all([
        queue.getJobs(['waiting'], 0, 0, true),
        queue.getJobs(['active'], 0, mostActive, true),
      ])
      oldest.set({ queue: queue.name }, since(next?.timestamp))
      const begun = active.flatMap((job) => job?.processedOn ?? [])
      longest.set({ queue: queue.name }, since(begun.length === 0 ? undefined : Math.min(...begun)))
    }),
  )
}

async function countLanes(redis: Redis, prefix: string, lanes: Gauge<'state'>): Promise<void> {
  const keys = deploymentKeys(prefix)
  const places = (await redis.smembers(keys.lanes)).map(toPlace)
  const found = { running: 0, waiting: 0, held: 0 }
  for (let from = 0; from < places.length; from += lanesAtOnce) {
    for (const [isRunning, waiting, held] of await readLanes(
      redis,
      keys,
      places.slice(from, from + lanesAtOnce),
    )) {
      if (isRunning) found.running++
      if (waiting > 0) found.waiting++
      if (held > 0) found.held++
    }
  }
  for (const [state, many] of Object.entries(found)) lanes.set({ state }, many)
}

type LaneCounts = [isRunning: boolean, waiting: number, held: number]

async function readLanes(
  redis: Redis,
  keys: Keys,
  places: ReturnType<typeof toPlace>[],
): Promise<LaneCounts[]> {
  const pipeline = redis.pipeline()
  for (const { repositoryId, environment } of places) {
    pipeline.hexists(keys.lane(repositoryId, environment), 'holder')
    pipeline.hlen(keys.waiting(repositoryId, environment))
    pipeline.hlen(keys.held(repositoryId, environment))
  }
  const answers = ((await pipeline.exec()) ?? []).map(([, answer]) => Number(answer ?? 0))
  return places.map((_place, index) => {
    const [isRunning = 0, waiting = 0, held = 0] = answers.slice(index * 3, index * 3 + 3)
    return [isRunning === 1, waiting, held]
  })
}
