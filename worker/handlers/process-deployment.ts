import { lockTaskOf } from '../../src/deployments/lock-task.ts'
import { isFinal } from '../../src/deployments/record.ts'
import { type GiveUp, RetryLater } from '../../src/errors.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { acceptDeployment } from '../../src/operations/accept.ts'
import { truncate } from '../../src/text.ts'
import { doLockTask } from '../do-lock-task.ts'
import { goThroughLane } from '../go-through-lane.ts'
import { queueRollback } from '../roll-back.ts'
import type { Tools } from '../tools.ts'

/**
 * Runs a GitHub deployment and reports it: pending, queued while it must wait, in_progress, then how it ended.
 * Each step is written down before the next begins, so that whoever takes the job up again goes on from there.
 */
export async function processDeployment(asked: ProcessDeployment, tools: Tools): Promise<void> {
  const { records, outbox } = tools
  const { id } = asked.deployment
  const job = await acceptDeployment(asked, tools)
  // GitHub may have more than we know: an earlier attempt's answer was lost, or Redis forgot its last second.
  const compared = (await records.statuses(id)).some(({ sent }) => !sent)
  if (compared) {
    await outbox.compare(job)
    await outbox.deliver(job)
  }
  const record = await records.read(id)
  if (record && !isFinal(record.state)) {
    const task = lockTaskOf(record.task)
    if (task) await doLockTask(job, task, tools)
    else await goThroughLane(job, compared, tools)
  }
  // What is broken is mended whether or not GitHub can be told of it.
  const ended = await records.read(id)
  if (ended) await queueRollback(ended, tools)
  await outbox.deliver(job)
  await retirePredecessor(job, tools)
  await records.close(id)
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
async function retirePredecessor(job: ProcessDeployment, tools: Tools): Promise<void> {
  const record = await tools.records.read(job.deployment.id)
  if (record?.retires === undefined) return
  try {
    await tools.outbox.retire(job, record.retires, `Replaced by #${record.id}.`)
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    tools.log.warn({ earlier: record.retires, reason: error.message }, 'a deployment was not made inactive')
  }
  await tools.records.retired(record.id)
}
