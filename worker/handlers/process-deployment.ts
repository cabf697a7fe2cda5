import { askAgainMs, type Entry, type FinalState } from '../../src/deployments/lanes.ts'
import { isFinal } from '../../src/deployments/record.ts'
import { type GiveUp, messageOf, RetryLater } from '../../src/errors.ts'
import { fetchPayload } from '../../src/github/deployments.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { truncate } from '../../src/text.ts'
import { AskAgain } from '../ask-again.ts'
import { keepLease, type Lease } from '../lease.ts'
import { afterLoss } from '../loss-policy.ts'
import type { RunRules } from '../rules.ts'
import { runDeployment } from '../run.ts'
import type { Tools } from '../tools.ts'

/** How long to wait for another's turn to be taken. */
const turnMs = 300

/**
 * Runs a GitHub deployment and reports it: pending, queued while it must wait, in_progress, then how it ended.
 * Each step is written down before the next begins, so that whoever takes the job up again goes on from there.
 */
export async function processDeployment(job: ProcessDeployment, tools: Tools): Promise<void> {
  const { records, outbox } = tools
  const { id } = job.deployment
  await records.accept(job)
  // GitHub may have more than we know: an earlier attempt's answer was lost, or Redis forgot its last second.
  const compared = (await records.statuses(id)).some(({ sent }) => !sent)
  if (compared) {
    await outbox.compare(job)
    await outbox.deliver(job)
  }
  const record = await records.read(id)
  if (record && !isFinal(record.state)) {
    await goThroughLane(job, compared, tools)
    await outbox.deliver(job)
  }
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
  await records.accept(job)
  const ended = await lanes.end(job, 'error', truncate(reason.message, 140))
  const state = (await records.read(id))?.state ?? 'error'
  if (!ended && !isFinal(state)) throw new RetryLater('A run of it may still be alive.')
  await outbox.deliver(job).catch((error: unknown) => {
    if (!(error instanceof GitHubRefusal)) throw error
  })
  await records.close(id)
}

async function goThroughLane(job: ProcessDeployment, compared: boolean, tools: Tools): Promise<void> {
  const replacedBy = await tools.mergeOrder.replacedBy(job.repository, job.deployment)
  if (replacedBy !== undefined && (await tools.lanes.end(job, 'inactive', `Superseded by #${replacedBy}.`)))
    return
  const rules = tools.rulesFor(job)
  const askedAt = performance.now()
  const entry = await tools.lanes.enter(job, rules.lane, tools.worker)
  switch (entry.outcome) {
    case 'run': {
      const work = (lease: Lease) => begin(job, entry, lease, compared, rules, tools)
      return withLease(job, entry.fence, askedAt, tools, work)
    }
    case 'wait':
    case 'turn':
      return waitInLane(job, entry, tools)
    case 'held':
      throw new AskAgain('The worker that ran it may still be alive.', entry.leftMs + 10)
    case 'overtaken': {
      const reason = `The worker running it was lost, and #${entry.by} has begun since.`
      if (await tools.lanes.end(job, 'error', reason)) return
      throw new AskAgain('A run of it may still be alive, or it has ended meanwhile.', 1000)
    }
  }
}

/** Keeps the lane while `work` lasts, from the moment that it was asked for. */
async function withLease(
  job: ProcessDeployment,
  fence: number,
  askedAt: number,
  { lanes, leaseMs }: Tools,
  work: (lease: Lease) => Promise<void>,
): Promise<void> {
  const lease = keepLease(() => lanes.renew(job, fence), leaseMs, askedAt)
  try {
    await work(lease)
  } finally {
    lease.stop()
  }
}

/** The lane is ours. Before the work begins: has it happened already, and may it be repeated? */
async function begin(
  job: ProcessDeployment,
  { fence, begun }: Extract<Entry, { outcome: 'run' }>,
  lease: Lease,
  compared: boolean,
  rules: RunRules,
  tools: Tools,
): Promise<void> {
  const { lanes, records } = tools
  await records.runsUnder(job.deployment.id, rules.digest)
  if (!compared) await orHandBack(job, fence, tools, () => tools.outbox.compare(job))
  const record = await records.read(job.deployment.id)
  if (record && isFinal(record.state)) {
    await lanes.finish(job, fence, record.state as FinalState, '')
    return
  }
  const decision = afterLoss(rules.onWorkerLoss, begun + 1)
  if (!decision.run) {
    await lanes.finish(job, fence, 'error', decision.reason)
    return
  }
  const ready = await orHandBack(job, fence, tools, () => withPayload(job, rules, tools))
  if (!(await lanes.begin(job, fence))) throw new RetryLater('The lane was lost before the work began.')
  await runDeployment(job, fence, lease, ready, tools)
}

/** While GitHub cannot be asked, the work does not begin: that is no try, and no reason to keep the lane. */
async function orHandBack<T>(
  job: ProcessDeployment,
  fence: number,
  tools: Tools,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    await tools.lanes.handBack(job, fence, false)
    throw error
  }
}

/** The rules with an executor that is given the payload, if it wants it. */
async function withPayload(job: ProcessDeployment, rules: RunRules, { github }: Tools): Promise<RunRules> {
  if (!rules.usesPayload) return rules
  const payload = await fetchPayload(github, job.repository, job.deployment.id)
  return { ...rules, executor: (run) => rules.executor({ ...run, payload }) }
}

async function waitInLane(
  job: ProcessDeployment,
  { outcome, behind, place }: Extract<Entry, { outcome: 'wait' | 'turn' }>,
  tools: Tools,
): Promise<never> {
  const { environment, id } = job.deployment
  // Its turn comes in a moment: not worth a status.
  if (outcome === 'turn') throw new AskAgain(`It is #${behind}'s turn in ${environment}.`, turnMs)
  const line = place > 1 ? ` It is number ${place} in line.` : ''
  await tools.lanes.sayWaiting(id, truncate(`${environment} is busy with #${behind}.${line}`, 140))
  await tools.outbox.deliver(job).catch((error: unknown) => {
    tools.log.warn({ deployment: id, reason: messageOf(error) }, 'a status waits to be sent')
  })
  throw new AskAgain(`${environment} is busy with #${behind}.`, askAgainMs, () => tools.lanes.isFree(job))
}

/** GitHub makes earlier deployments inactive by itself, but not in production and transient environments. */
async function retirePredecessor(job: ProcessDeployment, tools: Tools): Promise<void> {
  const record = await tools.records.read(job.deployment.id)
  if (record?.retires === undefined) return
  try {
    await tools.outbox.retire(job, record.retires, `Replaced by #${record.id}.`)
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    tools.log.warn(
      { deployment: record.retires, reason: error.message },
      'a deployment was not made inactive',
    )
  }
  await tools.records.retired(record.id)
}
