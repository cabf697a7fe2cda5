import { createEnqueue } from '../../src/jobs/enqueue.ts'
import type { JobRequest } from '../../src/jobs/job.ts'
import { findJob, type Queues, queueOf } from '../../src/jobs/queues.ts'
import type { Redis } from '../../src/redis/redis.ts'

/** Puts a job on its queue unless it is there, in whatever state; says whether it did. */
export type Requeue = (request: JobRequest) => Promise<boolean>

/**
 * Redis may have forgotten a job and remember that it was asked for, or the other way round: the job itself is
 * what counts here.
 */
export function createRequeue(redis: Redis, queues: Queues, prefix: string): Requeue {
  const enqueue = createEnqueue(redis, queues, prefix)
  return async (request) => {
    if (await hasJob(queues, request)) return false
    if ((await enqueue(request)) === 'duplicate') {
      await queues[queueOf[request.name]].add(request.name, request.data, { jobId: request.id })
    }
    return true
  }
}

/** Whether a job of this id is kept, in whatever state. */
export async function hasJob(queues: Queues, { name, id }: JobRequest): Promise<boolean> {
  return (await findJob(queues, queueOf[name], id)) !== undefined
}

/** Begins a job again that ended without doing all that there was to do; says whether it had ended. */
export async function restart(queues: Queues, { name, id }: JobRequest): Promise<boolean> {
  const job = await findJob(queues, queueOf[name], id)
  const state = await job?.getState()
  if (!job || (state !== 'completed' && state !== 'failed')) return false
  await job.retry(state).catch(async (error: unknown) => {
    // Another may have begun it again in between.
    if ((await job.getState()) === state) throw error
  })
  return true
}
