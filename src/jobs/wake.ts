import type { Queue } from 'bullmq'

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
