import type { Job, Queue } from 'bullmq'
import type { Gate } from '../../ci/gates.ts'
import type { ProcessDeployment, StartDeployment } from '../../jobs/job.ts'
import type { Redis } from '../../redis/redis.ts'
import type { Sources } from '../sources.ts'
import type { JobFact } from './facts.ts'

/** So many jobs of a state are looked at; in a longer backlog those that come last are not found. */
const lookedAt = 200
const states = ['active', 'waiting', 'delayed', 'failed'] as const

/** The jobs of one lane that are not done: deployments to be created and to be run. */
export async function listJobs(
  { queues, redis, gates }: Pick<Sources, 'queues' | 'redis' | 'gates'>,
  repositoryId: number,
  environment: string,
): Promise<JobFact[]> {
  const listOf = async (queue: Queue, state: JobFact['state']) => {
    const jobs = await queue.getJobs([state], 0, lookedAt - 1, state !== 'failed')
    return Promise.all(
      jobs
        // A job may be gone between the listing and the reading.
        .filter((job) => job && isOf(job, repositoryId, environment))
        .map(async (job) => ({
          ...toFact(job, state),
          ...(state === 'delayed' ? await nextTry(redis, queue, job) : {}),
          ...(state === 'delayed' ? await gateOf(gates, job) : {}),
        })),
    )
  }
  const ofPools = await queues.pools.of('deployments')
  const all = [queues.events, queues.deployments, ...ofPools].flatMap((queue) =>
    states.map((state) => listOf(queue, state)),
  )
  return (await Promise.all(all)).flat()
}

function isOf({ name, data }: Job, repositoryId: number, environment: string): boolean {
  if (name !== 'start-deployment' && name !== 'process-deployment' && name !== 'review-deployment')
    return false
  if (data.repository.id !== repositoryId) return false
  return (name === 'start-deployment' ? data.environment : data.deployment.environment) === environment
}

function toFact(job: Job, state: JobFact['state']): JobFact {
  const shared = {
    id: job.id ?? '',
    state,
    attempts: job.attemptsMade,
    ...(job.failedReason ? { failedReason: job.failedReason } : {}),
  }
  if (job.name === 'start-deployment') {
    const { pullRequest, sha } = job.data as StartDeployment
    return {
      ...shared,
      name: 'start-deployment',
      ...(pullRequest === undefined ? {} : { number: pullRequest }),
      sha,
    }
  }
  const { deployment } = job.data as ProcessDeployment
  const name = deployment.workflowRun === undefined ? 'process-deployment' : 'review-deployment'
  return { ...shared, name, number: deployment.id, sha: deployment.sha }
}

async function nextTry(redis: Redis, queue: Queue, job: Job): Promise<{ nextTryAt?: number }> {
  const at = await wakesAt(redis, queue, job)
  return at === undefined ? {} : { nextTryAt: at }
}

/**
 * When a delayed job wakes, in milliseconds since 1970: BullMQ keeps that only in its sorted set, shifted by twelve bits
 * for a counter.
 */
export async function wakesAt(redis: Redis, queue: Queue, job: Job): Promise<number | undefined> {
  const score = await redis.zscore(queue.toKey('delayed'), job.id ?? '')
  return score === null ? undefined : Math.floor(Number(score) / 0x1000)
}

async function gateOf(gates: Sources['gates'], { id, name }: Job): Promise<{ gate?: Gate }> {
  const gate = name === 'start-deployment' ? await gates.read(id ?? '') : undefined
  return gate?.verdict === 'pending' ? { gate } : {}
}
