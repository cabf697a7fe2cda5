import type { Entry, FinalState } from '../../src/deployments/lanes.ts'
import { isFinal } from '../../src/deployments/record.ts'
import { RetryLater } from '../../src/errors/errors.ts'
import { fetchPayload } from '../../src/github/deployments.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { holdBack, type Look, lookForHolds } from '../holds/hold-back.ts'
import type { Lease } from '../lease.ts'
import type { RunRules } from '../rules.ts'
import { runDeployment } from '../run/run.ts'
import type { Tools } from '../tools.ts'
import { afterLoss } from './loss-policy.ts'

/**
 * The lane is ours. Before the work begins: has it happened already, is it held back by now, may it be repeated?
 *
 * @param look what was looked at a moment ago; undefined if GitHub is still to be asked what it has
 */
export async function beginInLane(
  job: ProcessDeployment,
  { fence, earlier }: Extract<Entry, { outcome: 'run' }>,
  lease: Lease,
  look: Look | undefined,
  rules: RunRules,
  tools: Tools,
): Promise<void> {
  const { lanes } = tools
  const record = look ? earlier : await orHandBack(job, fence, tools, () => compare(job, tools))
  if (record && isFinal(record.state)) {
    await lanes.finish(job, fence, record.state as FinalState, '')
    return
  }
  if (record?.cancelAsked !== undefined && (await endIfCancelled(job, fence, tools))) return
  // The work was done before its worker was lost: that is never done again, only verified.
  if (record?.deployedAt !== undefined) {
    return runDeployment(job, fence, lease, rules, tools, record.outcome ?? 'Deployed.')
  }
  const decision = afterLoss(rules.onWorkerLoss, earlier.tries + 1)
  if (!decision.run) {
    await lanes.finish(job, fence, 'error', decision.reason)
    return
  }
  const ready = await orHandBack(job, fence, tools, () => withPayload(job, rules, tools))
  // GitHub may have been asked for long.
  const recent = rules.usesPayload ? undefined : look
  if (await beginUnlessHeld(job, fence, recent, rules, tools)) {
    await runDeployment(job, fence, lease, ready, tools)
  }
}

/** Asks GitHub what it has of a deployment; gives the record, which has that now. */
export async function compare(job: ProcessDeployment, { outbox, records }: Tools) {
  const { id } = job.deployment
  await outbox.compare(job, await records.statuses(id))
  return records.read(id)
}

/**
 * Begins the work if nothing holds it back at that very moment: nothing did when it was looked at, and no barrier was put up
 * since. False if it is over.
 */
export async function beginUnlessHeld(
  job: ProcessDeployment,
  fence: number,
  recent: Look | undefined,
  rules: RunRules,
  tools: Tools,
): Promise<boolean> {
  const { lanes } = tools
  for (let seen = recent; ; seen = undefined) {
    const look = seen ?? (await lookForHolds(await tools.holdFacts(job), rules, tools))
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
