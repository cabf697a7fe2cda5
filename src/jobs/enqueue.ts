import { ErrorCode } from 'bullmq'
import type { Redis } from '../redis.ts'
import type { JobRequest } from './job.ts'
import { optionsOf, type Queues, queueOf, rememberedMs, repeatable } from './queues.ts'

/** Puts a job on its queue; `duplicate` if the very same thing is queued, running or done. */
export type Enqueue = (job: JobRequest) => Promise<'queued' | 'duplicate'>

/**
 * BullMQ refuses a second job of an id only while it keeps the first, and does not say that it did: so what
 * was asked for is remembered beside the queue. The job is stored first: a crash between the two steps makes
 * a later redelivery ask again, and never lose anything.
 */
export function createEnqueue(redis: Redis, queues: Queues, prefix: string): Enqueue {
  return async (request) => {
    const queue = queues[queueOf[request.name]]
    const add = () => queue.add(request.name, request.data, { ...optionsOf[request.name], jobId: request.id })
    if (repeatable.has(request.name)) {
      if (await queue.getJob(request.id)) return 'duplicate'
      await add()
      return 'queued'
    }
    const remembered = `${prefix}:asked:${request.id}`
    if (await redis.exists(remembered)) return (await retryFailed(queues, request)) ? 'queued' : 'duplicate'
    await add()
    const first = await redis.set(remembered, Date.now(), 'PX', rememberedMs, 'NX')
    return first === 'OK' ? 'queued' : 'duplicate'
  }
}

/** A redelivery of something that failed for good is a person's wish to try it again. */
async function retryFailed(queues: Queues, request: JobRequest): Promise<boolean> {
  const job = await queues[queueOf[request.name]].getJob(request.id)
  if (!job || !(await job.isFailed())) return false
  try {
    await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === ErrorCode.JobNotInState) return false
    throw error
  }
}
