import type { Queue } from 'bullmq'
import { deploymentJobId } from './job-ids.ts'
import type { Queues } from './queues.ts'

/** Starts a sleeping job at once; says whether it slept. */
export async function wakeJob(queue: Queue, id: string): Promise<boolean> {
  const job = await queue.getJob(id)
  if (!job || !(await job.isDelayed())) return false
  try {
    await job.promote()
    return true
  } catch (error) {
    // Another may have woken it in between.
    if (await job.isDelayed()) throw error
    return false
  }
}

/** Starts the sleeping job of a deployment at once, whichever workers it is for; says whether it slept. */
export async function wakeDeployment(queues: Queues, deployment: number): Promise<boolean> {
  const id = deploymentJobId(deployment)
  if (await wakeJob(queues.deployments, id)) return true
  for (const queue of await queues.pools.of('deployments')) {
    if (await wakeJob(queue, id)) return true
  }
  return false
}
