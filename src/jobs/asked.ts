import { ErrorCode } from 'bullmq'
import type { RulesInForce } from '../config/rules.ts'
import type { Redis } from '../redis/redis.ts'
import type { JobRequest } from './job.ts'
import { isUsual, usualLabels } from './labels.ts'
import { labelsForJob } from './needed-labels.ts'
import { findJob, optionsOf, type Queues, queueOf, rememberedMs, repeatable } from './queues.ts'

/**
 * What was asked for. BullMQ refuses a second job of an id only while it keeps the first, and does not say that it did: so
 * what was asked for is remembered beside the queue. The job is stored first: a crash between the two steps makes a later
 * redelivery ask again, and never lose anything.
 */
export interface Asked {
  /** Whether the very same thing was asked for before. */
  has(request: JobRequest): Promise<boolean>
  /** Stores the job. */
  add(request: JobRequest): Promise<void>
  /** A redelivery of something that failed for good is a person's wish to try it again: gives whether that was so. */
  retryFailed(request: JobRequest): Promise<boolean>
  /** Where it is remembered that the job was stored; undefined for what may be asked for again as soon as it is done. */
  keyOf(request: JobRequest): string | undefined
}

/** For scripts that remember a job as part of their step; gives whether nobody has asked for it meanwhile. */
export const rememberAsked = `
local function rememberAsked(asked, nowMs)
  return redis.call('SET', asked, nowMs, 'PX', ${rememberedMs}, 'NX') ~= false
end
`

/**
 * Opens the memory in Redis.
 *
 * @param rules say which workers a deployment is for; without them, whoever takes it hands it on to those
 */
export function openAsked(redis: Redis, queues: Queues, prefix: string, rules?: RulesInForce): Asked {
  const usual = ({ name }: JobRequest) => queues[queueOf[name]]
  const keyOf = ({ name, id }: JobRequest) => (repeatable.has(name) ? undefined : `${prefix}:asked:${id}`)
  return {
    keyOf,
    has: async (request) => (await redis.exists(keyOf(request) ?? usual(request).toKey(request.id))) === 1,
    async add(request) {
      const { name, data, id: jobId } = request
      const labels = rules === undefined ? usualLabels : labelsForJob(rules.current, request)
      const queue = isUsual(labels) ? usual(request) : queues.pools.queue('deployments', labels)
      if (!isUsual(labels)) await queues.pools.note(queue.name)
      await queue.add(name, data, { ...optionsOf[name], jobId })
    },
    async retryFailed(request) {
      if (repeatable.has(request.name)) return false
      const job = await findJob(queues, queueOf[request.name], request.id)
      if (!job || !(await job.isFailed())) return false
      try {
        await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })
        return true
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === ErrorCode.JobNotInState) return false
        throw error
      }
    },
  }
}
