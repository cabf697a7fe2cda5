import { ErrorCode, type Queue } from 'bullmq'
import type { RulesInForce } from '../config/rules.ts'
import type { Redis } from '../redis.ts'
import type { JobRequest } from './job.ts'
import { isUsual, usualLabels } from './labels.ts'
import { labelsForJob } from './needed-labels.ts'
import { findJob, optionsOf, type Queues, queueOf, rememberedMs, repeatable } from './queues.ts'

/** Puts a job on its queue; `duplicate` if the very same thing is queued, running or done. */
export type Enqueue = (job: JobRequest) => Promise<'queued' | 'duplicate'>

/**
 * BullMQ refuses a second job of an id only while it keeps the first, and does not say that it did: so what
 * was asked for is remembered beside the queue. The job is stored first: a crash between the two steps makes
 * a later redelivery ask again, and never lose anything.
 *
 * @param rules say which workers a deployment is for; without them, whoever takes it hands it on to those
 */
export function createEnqueue(redis: Redis, queues: Queues, prefix: string, rules?: RulesInForce): Enqueue {
  return async (request) => {
    const queue = await placeFor(request, queues, rules)
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

async function placeFor(
  request: JobRequest,
  queues: Queues,
  rules: RulesInForce | undefined,
): Promise<Queue> {
  const usual = queues[queueOf[request.name]]
  const labels = rules === undefined ? usualLabels : labelsForJob(rules.current, request)
  if (isUsual(labels)) return usual
  const queue = queues.pools.queue('deployments', labels)
  await queues.pools.note(queue.name)
  return queue
}

/** A redelivery of something that failed for good is a person's wish to try it again. */
async function retryFailed(queues: Queues, request: JobRequest): Promise<boolean> {
  const job = await findJob(queues, queueOf[request.name], request.id)
  if (!job || !(await job.isFailed())) return false
  try {
    await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === ErrorCode.JobNotInState) return false
    throw error
  }
}
