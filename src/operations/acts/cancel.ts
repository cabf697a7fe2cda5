import type { Cancellation, Cancelled } from '../../deployments/cancelling.ts'
import { type DeploymentRecord, isFinal } from '../../deployments/record.ts'
import type { DeploymentState } from '../../github/deployments.ts'
import { truncate } from '../../text.ts'
import { findSubject, type Subject } from '../find-deployment.ts'
import type { DeploymentWish } from '../operations.ts'
import type { Context, Done } from '../perform.ts'
import { Refused } from '../refused.ts'
import { until } from '../until.ts'

type Ended = Done<{ deployment: number; state: DeploymentState }>

/** Ends a deployment: at once if it waits; if it runs, whoever runs it stops it. */
export async function cancel(context: Context, wish: DeploymentWish): Promise<Ended> {
  const subject = await findSubject(context, wish, 'cancel a deployment')
  const { id } = subject.record
  if (subject.record.workflowRun !== undefined && subject.record.state === 'in_progress') {
    throw new Refused('conflict', `GitHub Actions deploys #${id}: cancel its run there.`)
  }
  const how = cancellationBy(context.actor.name, wish.reason)
  const outcome = await end(context, subject, how)
  const record = (await context.records.read(id)) ?? subject.record
  if (outcome === 'over') throw new Refused('conflict', isOverWords(record))
  if (!isFinal(record.state)) {
    const text = `#${id} was told to end, and is ${record.state} still: the worker that has it answers late.`
    return { text, deployment: id, state: record.state }
  }
  if (record.cancelledBy === undefined) throw new Refused('conflict', endedFirstWords(record))
  return { text: cancelledWords(subject, record), deployment: id, state: record.state }
}

/** What a deployment ends with that somebody cancels. Pure. */
export function cancellationBy(by: string, reason: string | undefined): Cancellation {
  const name = truncate(by, 60)
  const why = reason === undefined ? '' : `: ${reason.trim().replace(/\.+$/, '')}`
  return {
    by,
    before: truncate(`Cancelled by ${name}${why}.`, 140),
    during: `Cancelled by ${name} while it ran.`,
  }
}

/**
 * Ends a deployment and waits a while for that. Whoever has it may hand it back meanwhile: so it is not asked once only.
 *
 * @returns `over` if it was over before
 */
export async function end(
  { cancelling, records, patienceMs }: Context,
  { record }: Subject,
  how: Cancellation,
): Promise<Cancelled | undefined> {
  const first = await cancelling.cancel({ repository: record.repository, deployment: record }, how)
  if (first !== 'asked') return first
  return until(patienceMs, async () => {
    const now = await records.read(record.id)
    if (now === undefined || isFinal(now.state)) return 'ended'
    const outcome = await cancelling.cancel({ repository: record.repository, deployment: now }, how)
    return outcome === 'asked' ? undefined : 'ended'
  })
}

function isOverWords({ id, state, cancelledBy }: DeploymentRecord): string {
  const by = cancelledBy === undefined ? '' : `, cancelled by ${cancelledBy}`
  return `#${id} is over already: ${state}${by}.`
}

function endedFirstWords({ id, state }: DeploymentRecord): string {
  return `#${id} came to its own end before it could be stopped: ${state}.`
}

function cancelledWords(
  { rules, name }: Subject,
  { id, environment, state, startedAt, cancelledBy }: DeploymentRecord,
) {
  const what = `#${id} to ${environment} of ${name} is cancelled by ${cancelledBy}`
  if (startedAt === undefined) return `${what} before it began.`
  const isLeft =
    rules?.rollback === 'automatic' ? ' It is not rolled back by itself: roll it back, or deploy.' : ''
  return `${what} while it ran (${state}): a part of its work may be done.${isLeft}`
}
