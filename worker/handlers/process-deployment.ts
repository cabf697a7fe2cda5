import { lockTaskOf } from '../../src/deployments/lock-task.ts'
import { isFinal, type Records } from '../../src/deployments/record.ts'
import { type GiveUp, RetryLater } from '../../src/errors/errors.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { labelsForDeployment } from '../../src/jobs/needed-labels.ts'
import { acceptDeployment } from '../../src/operations/accept.ts'
import { truncate } from '../../src/text.ts'
import { mayDo } from '../hand-on.ts'
import { goThroughLane } from '../lane/go-through-lane.ts'
import { queueRollback } from '../run/roll-back.ts'
import type { Tools } from '../tools.ts'
import { doLockTask } from './do-lock-task.ts'

/**
 * Runs a GitHub deployment and reports it: pending, queued while it must wait, in_progress, then how it ended.
 * Each step is written down before the next begins, so that whoever takes the job up again goes on from there.
 *
 * @throws {HandOn} if it is for other workers
 */
export async function processDeployment(
  asked: ProcessDeployment,
  tools: Tools,
  _jobId: string,
  queue: string,
): Promise<void> {
  const needed = labelsForDeployment(tools.rules.current, asked)
  mayDo('deployments', needed, tools.labels, queue)
  const { records, outbox } = tools
  const { id } = asked.deployment
  const { job, statuses } = await acceptDeployment(asked, tools)
  // GitHub may have more than we know: an earlier attempt's answer was lost, or Redis forgot its last second.
  const compared = statuses.some(({ sent }) => !sent)
  if (compared) {
    await outbox.compare(job, statuses)
    await outbox.deliver(job)
  }
  const task = lockTaskOf(job.deployment.task)
  if (task) await doLockTask(job, task, tools)
  else await goThroughLane(job, compared, tools)
  // What is broken is mended whether or not GitHub can be told of it, and either is seen to its end.
  const [mended, told] = await Promise.allSettled([mend(id, tools), outbox.deliver(job)])
  if (mended.status === 'rejected') throw mended.reason
  if (told.status === 'rejected') throw told.reason
  const { retires } = mended.value
  if (retires !== undefined) await retirePredecessor(job, retires, tools)
  await records.close(id)
}

/** Queues its rollback, if there is to be one; gives what else is left to do. */
async function mend(id: number, tools: Tools): ReturnType<Records['leftToDo']> {
  const left = await tools.records.leftToDo(id)
  if (left.rollsBack) await queueRollback(id, tools)
  return left
}

/**
 * Ends a deployment that is given up: whatever happens, it does not stay pending.
 *
 * @throws {RetryLater} while a run of it may still be alive
 */
export async function giveUpDeployment(job: ProcessDeployment, reason: GiveUp, tools: Tools): Promise<void> {
  const { records, lanes, outbox } = tools
  const { id } = job.deployment
  await acceptDeployment(job, tools)
  const ended = await lanes.end(job, 'error', truncate(reason.message, 140))
  const state = (await records.read(id))?.state ?? 'error'
  if (!ended && !isFinal(state)) throw new RetryLater('A run of it may still be alive.')
  await outbox.deliver(job).catch((error: unknown) => {
    if (!(error instanceof GitHubRefusal)) throw error
  })
  await records.close(id)
}

/** GitHub makes earlier deployments inactive by itself, but not in production and transient environments. */
export async function retirePredecessor(
  job: ProcessDeployment,
  predecessor: number,
  { outbox, records, log }: Tools,
): Promise<void> {
  const { id } = job.deployment
  try {
    await outbox.retire(job, predecessor, `Replaced by #${id}.`)
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    log.warn({ earlier: predecessor, reason: error.message }, 'a deployment was not made inactive')
  }
  await records.retired(id)
}
