import type { Job, Queue } from 'bullmq'
import type { Sources } from '../../api/sources.ts'
import { wakesAt } from '../../api/why/list-jobs.ts'
import { readQueueName } from '../../jobs/pools.ts'
import { allQueues, type QueueName } from '../../jobs/queues.ts'
import type { Redis } from '../../redis/redis.ts'
import { subjectOf } from './subject.ts'

/** How many jobs of each state are shown. */
const shown = 20

export const jobStates = ['active', 'waiting', 'delayed', 'failed', 'completed'] as const
export type JobState = (typeof jobStates)[number]

/** A job as the page shows it. Times are milliseconds since 1970. */
export interface QueuedJob {
  id: string
  name: string
  /** What it is about, and where there is more about that. */
  subject: string
  href?: string
  attempts: number
  /** When it began, wakes, failed, or was put there, by its state. */
  at?: number
  reason?: string
}

/** A worker's connection, as Redis lists it. */
export interface WorkerView {
  address: string
  /** Seconds since it connected, and since it was last heard of. */
  age: number
  idle: number
}

export interface QueueView {
  /** Its own name; of what asks for workers with labels, with those. */
  name: string
  kind: QueueName
  counts: Record<JobState, number>
  /** Since when the oldest of those that wait for a worker has been there. */
  oldest?: number
  workers: WorkerView[]
  active: QueuedJob[]
  delayed: QueuedJob[]
  failed: QueuedJob[]
}

/** How the queues stand, at a moment by Redis's clock. */
export async function gatherQueues({
  queues,
  redis,
  records,
}: Pick<Sources, 'queues' | 'redis' | 'records'>): Promise<{ nowMs: number; queues: QueueView[] }> {
  const all = await allQueues(queues)
  const [nowMs, views] = await Promise.all([
    records.nowMs(),
    Promise.all(all.map((queue) => gatherQueue(queue, redis))),
  ])
  return { nowMs, queues: views }
}

async function gatherQueue(queue: Queue, redis: Redis): Promise<QueueView> {
  const [counts, workers, [first], active, delayed, failed] = await Promise.all([
    queue.getJobCounts(...jobStates),
    queue.getWorkers(),
    queue.getJobs(['waiting'], 0, 0, true),
    queue.getJobs(['active'], 0, shown - 1, true),
    queue.getJobs(['delayed'], 0, shown - 1, true),
    queue.getJobs(['failed'], 0, shown - 1, false),
  ])
  const show = (jobs: Job[], at: (job: Job) => number | undefined) =>
    // A job may be gone between the listing and the reading.
    jobs.filter((job) => job !== undefined).map((job) => toView(job, at(job)))
  const { name } = queue
  return {
    name,
    kind: readQueueName(name)?.base ?? 'events',
    counts: Object.fromEntries(jobStates.map((state) => [state, counts[state] ?? 0])) as QueueView['counts'],
    ...(first ? { oldest: first.timestamp } : {}),
    workers: workers.map(({ addr, age, idle }) => ({
      address: addr ?? 'unknown',
      age: Number(age ?? 0),
      idle: Number(idle ?? 0),
    })),
    active: show(active, ({ processedOn }) => processedOn),
    delayed: await Promise.all(
      delayed
        .filter((job) => job !== undefined)
        .map(async (job) => toView(job, await wakesAt(redis, queue, job))),
    ),
    failed: show(failed, ({ finishedOn }) => finishedOn),
  }
}

function toView(job: Job, at: number | undefined): QueuedJob {
  return {
    id: job.id ?? '',
    name: job.name,
    ...subjectOf(job.data),
    attempts: job.attemptsMade,
    ...(at === undefined ? {} : { at }),
    ...(job.failedReason ? { reason: job.failedReason } : {}),
  }
}
