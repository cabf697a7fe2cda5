import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, RetryLater } from '../../src/errors/errors.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { truncate } from '../../src/text.ts'
import { AskAgain } from '../ask-again.ts'
import { backoffMs } from '../backoff.ts'
import type { Lease } from '../lease.ts'
import type { RunRules } from '../rules.ts'
import type { Tools } from '../tools.ts'
import { createLogWriter } from './log-writer.ts'
import { decideRollback } from './roll-back.ts'
import { watchRun } from './watch-run.ts'
import { type Ended, workAndVerify } from './work.ts'

/**
 * Does the work of a deployment that has its lane, by the rules that it began under, as long as the lease lasts, and
 * writes down how it ended. While it runs, the status in_progress is brought to GitHub, however often that must be
 * tried.
 *
 * @param outcome what the work said of itself, if it was done before and only its verification is left
 * @throws {RetryLater} if the lane was lost meanwhile: whoever has the job next decides
 * @throws {AskAgain} if this worker ends and hands the run back
 */
export async function runDeployment(
  job: ProcessDeployment,
  fence: number,
  lease: Lease,
  rules: RunRules,
  tools: Tools,
  outcome?: string,
): Promise<void> {
  const { repository, deployment } = job
  const over = new AbortController()
  const reporting = reportMeanwhile(job, tools, over.signal)
  const log = createLogWriter(tools.logs, deployment.id, (error) =>
    tools.log.warn({ reason: messageOf(error) }, 'lines of a log were lost'),
  )
  const watch = watchRun(async () =>
    (await tools.cancelling.asked(deployment.id)) ? 'It was cancelled.' : undefined,
  )
  const signal = AbortSignal.any([lease.signal, watch.signal, tools.ending])
  const run = { repository, deployment, signal, term: lease.term, log: log.add }
  const beganAt = performance.now()
  let ended: Ended
  try {
    ended = await workAndVerify(job, run, rules, tools, fence, outcome)
  } finally {
    watch.stop()
    over.abort('The work is over.')
    await Promise.all([reporting, log.flush()])
  }
  if (ended.state === 'stopped' && watch.signal.aborted && !lease.signal.aborted) {
    return endCancelled(job, fence, rules, tools)
  }
  if (ended.state === 'stopped') return stop(job, fence, rules, tools, lease.signal, ended.isDeployed)
  await finish(job, fence, ended, rules, tools)
  tools.metrics.run(ended.state, performance.now() - beganAt)
}

async function finish(
  job: ProcessDeployment,
  fence: number,
  { state, description, verified }: Exclude<Ended, { state: 'stopped' }>,
  rules: RunRules,
  tools: Tools,
): Promise<void> {
  const rollback = state === 'failure' ? await decideRollback(job.deployment.id, rules, tools) : undefined
  const words = rollback ? withLast(description, rollback.words) : truncate(description, 140)
  if (rollback) await tools.logs.append(job.deployment.id, [rollback.words])
  const more = { verified, rollbackTo: rollback?.to }
  if (!(await tools.lanes.finish(job, fence, state, words, more))) {
    throw new RetryLater('The lane was lost while the deployment ran.')
  }
}

/** Somebody has ended the run; that its environment then has what worked before is theirs to decide, too. */
async function endCancelled(job: ProcessDeployment, fence: number, { rollback }: RunRules, tools: Tools) {
  const asked = await tools.cancelling.asked(job.deployment.id)
  const words = asked?.during ?? 'Cancelled while it ran.'
  const isKept = rollback === 'automatic' ? [words, 'Not rolled back: a person ended it.'] : [words]
  await tools.logs.append(job.deployment.id, isKept)
  if (!(await tools.lanes.finish(job, fence, 'error', words, { cancelledBy: asked?.by }))) {
    throw new RetryLater('The lane was lost while the deployment was cancelled.')
  }
}

/** A description that is cut where it must be, with a last sentence that is not. */
function withLast(description: string, last: string): string {
  return `${truncate(description, 140 - 1 - [...last].length)} ${last}`
}

async function stop(
  job: ProcessDeployment,
  fence: number,
  rules: RunRules,
  tools: Tools,
  lost: AbortSignal,
  isDeployed: boolean,
): Promise<void> {
  if (lost.aborted) {
    throw new RetryLater(`A run was stopped: ${messageOf(lost.reason)}`, { retryAfterMs: 1000 })
  }
  if (rules.onWorkerLoss === 'fail' && !isDeployed) {
    await tools.lanes.finish(job, fence, 'error', 'The worker was shut down while it ran.')
    return
  }
  await tools.logs.append(job.deployment.id, [
    isDeployed
      ? 'This worker was asked to end; another verifies what was deployed.'
      : 'This worker was asked to end and stopped its work here; another begins it anew.',
  ])
  await tools.lanes.handBack(job, fence, !isDeployed)
  throw new AskAgain('The worker ends and hands its run back.', 0)
}

/** Tries to bring the statuses to GitHub while the work runs; what cannot be sent goes out after it, in order. */
async function reportMeanwhile(job: ProcessDeployment, tools: Tools, over: AbortSignal): Promise<void> {
  for (let attempt = 1; !over.aborted; attempt++) {
    try {
      return await tools.outbox.deliver(job)
    } catch (error) {
      if (!(error instanceof RetryLater)) return
      tools.log.warn({ reason: error.message }, 'a status waits to be sent')
      await sleep(backoffMs(attempt, error), undefined, { signal: over }).catch(() => {})
    }
  }
}
