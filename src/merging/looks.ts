import type { MergeWhenGreen } from '../jobs/job.ts'
import { mergeWhenGreenJobId } from '../jobs/job-ids.ts'
import { optionsOf, type Queues } from '../jobs/queues.ts'
import { wakeJob } from '../jobs/wake.ts'

/** Has pull requests looked at, each by one job at a time that sleeps until there is something to see. */
export interface MergeLooks {
  /**
   * Makes sure that a look at the pull request begins after this; begins its job if it has none. False if that is not sure
   * yet, because a look is under way: ask again.
   */
  begin(job: MergeWhenGreen): Promise<boolean>
  /** Whether the pull request has such a job. */
  exists(job: Pick<MergeWhenGreen, 'repository' | 'pullRequest'>): Promise<boolean>
}

/** Opens the looks on the queue. */
export function openMergeLooks(queues: Queues): MergeLooks {
  const queue = queues.events
  const idOf = ({ repository, pullRequest }: Pick<MergeWhenGreen, 'repository' | 'pullRequest'>) =>
    mergeWhenGreenJobId(repository.id, pullRequest)
  return {
    async begin(job) {
      const jobId = idOf(job)
      if ((await queue.getJob(jobId)) === undefined) {
        // Should another have added it meanwhile, its look begins after this, too.
        await queue.add('merge-when-green', job, { ...optionsOf['merge-when-green'], jobId })
        return true
      }
      const state = await queue.getJobState(jobId)
      if (state === 'delayed') return wakeJob(queue, jobId)
      return state === 'waiting' || state === 'prioritized'
    },

    async exists(job) {
      return (await queue.getJob(idOf(job))) !== undefined
    },
  }
}
