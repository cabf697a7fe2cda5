import { type CiFinished, fullName } from '../../src/jobs/job.ts'
import type { Tools } from '../tools.ts'

/** Wakes what waits for the CI of a commit. Each looks for itself whether it may go on. */
export async function ciFinished(job: CiFinished, { ciWaiting, log }: Tools): Promise<void> {
  const { repository, sha, report, delivery } = job
  const woken = await ciWaiting.wake(repository.id, sha)
  const about = { repository: fullName(repository), sha, report, delivery, woken }
  if (woken.length > 0) log.info(about, 'CI reported on a commit that is waited for')
}
