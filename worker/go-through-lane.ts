import { askAgainMs, type Entry, type FinalState } from '../src/deployments/lanes.ts'
import { isFinal } from '../src/deployments/record.ts'
import { messageOf, RetryLater } from '../src/errors.ts'
import { fetchPayload } from '../src/github/deployments.ts'
import type { ProcessDeployment } from '../src/jobs/job.ts'
import { truncate } from '../src/text.ts'
import { AskAgain } from './ask-again.ts'
import { holdBack, lookForHolds } from './holds/hold-back.ts'
import { keepLease, type Lease } from './lease.ts'
import { afterLoss } from './loss-policy.ts'
import type { RunRules } from './rules.ts'
import { runDeployment } from './run.ts'
import type { Tools } from './tools.ts'

/** How long to wait for another's turn to be taken. */
const turnMs = 300

/**
 * Brings a deployment through its lane: held back while something does, queued while it waits for its turn, run.
 * Returns once it is over.
 *
 * @param isCompared whether GitHub was asked just now what it has
 * @throws {AskAgain} while it is held back or waits
 */
export async function goThroughLane(
  job: ProcessDeployment,
  isCompared: boolean,
  tools: Tools,
): Promise<void> {
  if (await isCancelled(job, tools)) return
  const replacedBy = await tools.mergeOrder.replacedBy(job.repository, job.deployment)
  if (replacedBy !== undefined && (await tools.lanes.end(job, 'inactive', `Superseded by #${replacedBy}.`)))
    return
  const rules = tools.rulesFor(job)
  const look = await lookForHolds(job, rules, tools)
  if (look.held.length > 0) return holdBack(job, rules, look, tools)
  const askedAt = performance.now()
  const entry = await tools.lanes.enter(job, rules.lane, tools.worker)
  switch (entry.outcome) {
    case 'run': {
      const work = (lease: Lease) => begin(job, entry, lease, isCompared, rules, tools)
      return withLease(job, entry.fence, askedAt, tools, work)
    }
    case 'wait':
    case 'turn':
      return waitInLane(job, entry, tools)
    case 'alive':
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

/** The lane is ours. Before the work begins: has it happened already, is it held back by now, may it be repeated? */
async function begin(
  job: ProcessDeployment,
  { fence, begun }: Extract<Entry, { outcome: 'run' }>,
  lease: Lease,
  isCompared: boolean,
  rules: RunRules,
  tools: Tools,
): Promise<void> {
  const { lanes, records } = tools
  await records.runsUnder(job.deployment.id, rules.digest)
  if (!isCompared) await orHandBack(job, fence, tools, () => tools.outbox.compare(job))
  const record = await records.read(job.deployment.id)
  if (record && isFinal(record.state)) {
    await lanes.finish(job, fence, record.state as FinalState, '')
    return
  }
  if (await endIfCancelled(job, fence, tools)) return
  // The work was done before its worker was lost: that is never done again, only verified.
  if (record?.deployedAt !== undefined) {
    return runDeployment(job, fence, lease, rules, tools, record.outcome ?? 'Deployed.')
  }
  const decision = afterLoss(rules.onWorkerLoss, begun + 1)
  if (!decision.run) {
    await lanes.finish(job, fence, 'error', decision.reason)
    return
  }
  const ready = await orHandBack(job, fence, tools, () => withPayload(job, rules, tools))
  if (await beginUnlessHeld(job, fence, rules, tools)) await runDeployment(job, fence, lease, ready, tools)
}

/** Begins the work if nothing holds it back at that very moment; false if it is over. */
async function beginUnlessHeld(
  job: ProcessDeployment,
  fence: number,
  rules: RunRules,
  tools: Tools,
): Promise<boolean> {
  const { lanes } = tools
  for (;;) {
    const look = await lookForHolds(job, rules, tools)
    if (look.held.length > 0) {
      await lanes.handBack(job, fence, false)
      await lanes.wakeNext(job)
      await holdBack(job, rules, look, tools)
      return false
    }
    const beginning = await lanes.begin(job, fence, look.barriers)
    if (beginning === 'lost') {
      if (await endIfCancelled(job, fence, tools)) return false
      throw new RetryLater('The lane was lost before the work began.')
    }
    if (beginning === 'begun') return true
  }
}

/** Whether it was cancelled when it seemed about to begin, and has not: it ends here, unless a run of it is alive. */
async function isCancelled(job: ProcessDeployment, { cancelling }: Tools): Promise<boolean> {
  const asked = await cancelling.asked(job.deployment.id)
  return asked !== undefined && (await cancelling.cancel(job, asked)) !== 'asked'
}

/** Ends what has its lane and was cancelled before the work began, or before it was taken over from a lost worker. */
async function endIfCancelled(job: ProcessDeployment, fence: number, tools: Tools): Promise<boolean> {
  const { lanes, records, cancelling } = tools
  const asked = await cancelling.asked(job.deployment.id)
  if (!asked) return false
  const isBegun = (await records.read(job.deployment.id))?.state === 'in_progress'
  const [state, words] = isBegun ? (['error', asked.during] as const) : (['inactive', asked.before] as const)
  return lanes.finish(job, fence, state, words, { cancelledBy: asked.by })
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
    tools.log.warn({ reason: messageOf(error) }, 'a status waits to be sent')
  })
  throw new AskAgain(`${environment} is busy with #${behind}.`, askAgainMs, () => tools.lanes.isFree(job))
}
