import { setTimeout as sleep } from 'node:timers/promises'
import type { FinalState } from '../src/deployments/lanes.ts'
import { messageOf, RetryLater } from '../src/errors.ts'
import type { ProcessDeployment } from '../src/jobs/job.ts'
import { truncate } from '../src/text.ts'
import { AskAgain } from './ask-again.ts'
import { backoffMs } from './backoff.ts'
import type { Lease } from './lease.ts'
import { createLogWriter } from './log-writer.ts'
import type { RunRules } from './rules.ts'
import type { Tools } from './tools.ts'

/**
 * Does the work of a deployment that has its lane, by the rules that it began under, as long as the lease lasts, and
 * writes down how it ended. While it runs, the status in_progress is brought to GitHub, however often that must be
 * tried.
 *
 * @throws {RetryLater} if the lane was lost meanwhile: whoever has the job next decides
 * @throws {AskAgain} if this worker ends and hands the run back
 */
export async function runDeployment(
  job: ProcessDeployment,
  fence: number,
  lease: Lease,
  rules: RunRules,
  tools: Tools,
): Promise<void> {
  const { lanes, ending } = tools
  const over = new AbortController()
  const reporting = reportMeanwhile(job, tools, over.signal)
  const outcome = await execute(job, rules, tools, AbortSignal.any([lease.signal, ending]))
  over.abort()
  await reporting
  if (outcome.state === 'stopped') return stop(job, fence, rules, tools, lease.signal)
  if (!(await lanes.finish(job, fence, outcome.state, truncate(outcome.description, 140)))) {
    throw new RetryLater('The lane was lost while the deployment ran.')
  }
}

type Ended = { state: FinalState; description: string } | { state: 'stopped' }

/** Runs the executor. Its own outcome counts even if it was asked to stop a moment before. */
async function execute(
  job: ProcessDeployment,
  rules: RunRules,
  tools: Tools,
  signal: AbortSignal,
): Promise<Ended> {
  if (signal.aborted) return { state: 'stopped' }
  const { repository, deployment } = job
  const log = createLogWriter(tools.logs, deployment.id, (error) =>
    tools.log.warn({ deployment: deployment.id, reason: messageOf(error) }, 'lines of a log were lost'),
  )
  try {
    return await rules.executor({ repository, deployment, signal, log: log.add })
  } catch (error) {
    if (signal.aborted) return { state: 'stopped' }
    tools.log.error({ deployment: deployment.id, err: error }, 'the executor could not run a deployment')
    log.add(messageOf(error))
    return { state: 'error', description: `It could not be run: ${messageOf(error)}` }
  } finally {
    await log.flush()
  }
}

async function stop(
  job: ProcessDeployment,
  fence: number,
  rules: RunRules,
  tools: Tools,
  lost: AbortSignal,
): Promise<void> {
  if (lost.aborted) {
    throw new RetryLater(`A run was stopped: ${messageOf(lost.reason)}`, { retryAfterMs: 1000 })
  }
  if (rules.onWorkerLoss === 'fail') {
    await tools.lanes.finish(job, fence, 'error', 'The worker was shut down while it ran.')
    return
  }
  await tools.logs.append(job.deployment.id, [
    'This worker was asked to end and stopped its work here; another begins it anew.',
  ])
  await tools.lanes.handBack(job, fence, true)
  throw new AskAgain('The worker ends and hands its run back.', 0)
}

/** Tries to bring the statuses to GitHub while the work runs; what cannot be sent goes out after it, in order. */
async function reportMeanwhile(job: ProcessDeployment, tools: Tools, over: AbortSignal): Promise<void> {
  for (let attempt = 1; !over.aborted; attempt++) {
    try {
      return await tools.outbox.deliver(job)
    } catch (error) {
      if (!(error instanceof RetryLater)) return
      const { deployment } = job
      tools.log.warn({ deployment: deployment.id, reason: error.message }, 'a status waits to be sent')
      await sleep(backoffMs(attempt, error), undefined, { signal: over }).catch(() => {})
    }
  }
}
