import { fullName, type MergeWhenGreen } from '../../src/jobs/job.ts'
import { type MergeWait, waitLimitMs } from '../../src/merging/waits.ts'
import { AskAgain } from '../ask-again.ts'
import type { CiLooks } from '../gate-rules.ts'
import type { Tools } from '../tools.ts'

/** The wait so far, as it is when this head is looked at: begun now if it was none. Pure. */
export function goOnWaiting(
  earlier: MergeWait | undefined,
  pullRequest: number,
  sha: string,
  nowMs: number,
): MergeWait {
  if (earlier === undefined) {
    const since = { since: nowMs, until: nowMs + waitLimitMs }
    return { pullRequest, sha, shaSince: nowMs, reasons: [], reasonsSince: nowMs, ...since }
  }
  return { ...earlier, sha, shaSince: earlier.sha === sha ? earlier.shaSince : nowMs }
}

/** Writes down, and says if they are new, the reasons for which a pull request is not merged yet. */
export async function noteReasons(
  job: MergeWhenGreen,
  before: MergeWait,
  reasons: string[],
  { merging, log }: Tools,
): Promise<MergeWait> {
  const isNew = JSON.stringify(reasons) !== JSON.stringify(before.reasons)
  const wait = isNew ? { ...before, reasons, reasonsSince: Date.now() } : before
  await merging.waits.write(job.repository.id, wait)
  const { repository, pullRequest, delivery } = job
  const about = { repository: fullName(repository), pullRequest, sha: wait.sha, reasons, delivery }
  if (isNew) log.info(about, 'a pull request waits to be merged')
  return wait
}

/**
 * Sleeps until something is reported on the head, or the pull request changes, or it is time for a look: after as long
 * again as its reasons have been the same. `late`: nothing but a change will help.
 *
 * @throws {AskAgain} always
 */
export function sleepUntilNews(
  job: MergeWhenGreen,
  jobId: string,
  wait: MergeWait,
  late: boolean,
  { merging, ciWaiting }: Tools,
): never {
  const message = `#${job.pullRequest} waits to be merged: ${wait.reasons.join(', ')}.`
  throw new AskAgain(message, nextMergeLookMs(wait, late, Date.now(), merging.pace), () =>
    ciWaiting.hasNews(job.repository.id, wait.sha, jobId),
  )
}

/** How long until the next look. Pure. */
export function nextMergeLookMs(
  { reasonsSince, until }: MergeWait,
  late: boolean,
  nowMs: number,
  { firstMs, longestMs }: CiLooks,
): number {
  const growing = late ? longestMs : Math.max(nowMs - reasonsSince, firstMs)
  return Math.max(1, Math.min(growing, longestMs, until - nowMs))
}
