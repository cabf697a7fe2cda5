import { readCancelAsked } from '../../src/deployments/cancelling.ts'
import { askAgainMs, type Entry } from '../../src/deployments/lanes.ts'
import { type DeploymentRecord, isFinal } from '../../src/deployments/record.ts'
import { messageOf } from '../../src/errors/errors.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { truncate } from '../../src/text.ts'
import { AskAgain } from '../ask-again.ts'
import { holdBack, lookForHolds } from '../holds/hold-back.ts'
import { keepLease, type Lease } from '../lease.ts'
import { letRun } from '../protection/let-run.ts'
import type { Tools } from '../tools.ts'
import { leaveToItsWorkers } from './await-workers.ts'
import { beginInLane, beginUnlessHeld, compare } from './begin-in-lane.ts'

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
  const facts = await tools.holdFacts(job)
  const { record, replacedBy } = facts
  if (!record || isFinal(record.state) || (await isCancelled(job, record, tools))) return
  if (replacedBy !== undefined && (await tools.lanes.end(job, 'inactive', `Superseded by #${replacedBy}.`)))
    return
  const rules = tools.rulesFor(job)
  const look = await lookForHolds(facts, rules, tools)
  if (look.held.length > 0) return holdBack(job, rules, look, tools)
  if (await leaveToItsWorkers(job, rules, tools)) return
  const askedAt = performance.now()
  const entry = await tools.lanes.enter(job, rules.lane, tools.worker, rules.digest)
  switch (entry.outcome) {
    case 'run': {
      if (job.deployment.workflowRun !== undefined) {
        const letBegin = () => beginUnlessHeld(job, entry.fence, look, rules, tools)
        return letRun(job, entry.fence, letBegin, tools)
      }
      const before = isCompared ? look : undefined
      const work = (lease: Lease) => beginInLane(job, entry, lease, before, rules, tools)
      return withLease(job, entry.fence, askedAt, tools, work)
    }
    case 'wait':
    case 'turn':
      return waitInLane(job, entry, tools)
    case 'alive':
      throw new AskAgain('The worker that ran it may still be alive.', entry.leftMs + 10)
    case 'overtaken': {
      // It may have come to its end, of which a Redis that was restored from an older copy knows nothing.
      const record = isCompared ? undefined : await compare(job, tools)
      if (record && isFinal(record.state)) return
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

/** Whether it was cancelled when it seemed about to begin, and has not: it ends here, unless a run of it is alive. */
async function isCancelled(
  job: ProcessDeployment,
  { cancelAsked }: DeploymentRecord,
  { cancelling }: Tools,
): Promise<boolean> {
  const asked = readCancelAsked(cancelAsked)
  return asked !== undefined && (await cancelling.cancel(job, asked)) !== 'asked'
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
