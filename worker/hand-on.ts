import type { Job } from 'bullmq'
import type { JobName } from '../src/jobs/job.ts'
import { hasAll, type Labels } from '../src/jobs/labels.ts'
import { type PooledName, type Pools, queueNameOf } from '../src/jobs/pools.ts'
import { optionsOf } from '../src/jobs/queues.ts'

/** A job is in the queue of workers that it is not for. */
export class HandOn extends Error {
  override name = 'HandOn'
  readonly base: PooledName
  readonly labels: Labels

  constructor(base: PooledName, labels: Labels) {
    super(`It is for workers with other labels: ${labels.join(', ')}.`)
    this.base = base
    this.labels = labels
  }
}

/**
 * Whether a worker may do what needs these labels.
 *
 * @param queue where the job is
 * @throws {HandOn} if it may not, and the job is not where those are that may
 */
export function mayDo(base: PooledName, needed: Labels, labels: Labels, queue: string): boolean {
  if (hasAll(labels, needed)) return true
  if (queue !== queueNameOf(base, needed)) throw new HandOn(base, needed)
  return false
}

/**
 * Puts a job on the queue of those that it is for. It is there before it is gone here: whoever dies in between leaves it in both,
 * and it is found to be handed on already.
 */
export async function handOn(job: Job, { base, labels }: HandOn, pools: Pools): Promise<void> {
  const queue = pools.queue(base, labels)
  await pools.note(queue.name)
  const id = job.id ?? ''
  const there = await queue.getJob(id)
  // It was here before, and is over: it may come again.
  if (there && ((await there.isCompleted()) || (await there.isFailed()))) await there.remove()
  await queue.add(job.name, job.data, { ...optionsOf[job.name as JobName], jobId: id })
  // And its id is free here, for when it comes back.
  job.opts.removeOnComplete = true
}
