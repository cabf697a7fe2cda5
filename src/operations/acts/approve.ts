import type { Approval } from '../../approvals/approvals.ts'
import { countedOf, rejectedWords, whomWords } from '../../approvals/judge.ts'
import { environmentDigest } from '../../config/environment-digest.ts'
import type { ApprovalRules, EnvironmentRules } from '../../config/rules.ts'
import { askersOf } from '../../deployments/askers.ts'
import { type DeploymentRecord, isFinal } from '../../deployments/record.ts'
import type { DeploymentState } from '../../github/deployments.ts'
import { authorise } from '../authorise.ts'
import { findSubject, rulesOf, type Subject } from '../find-deployment.ts'
import type { DeploymentWish } from '../operations.ts'
import type { Context, Done } from '../perform.ts'
import { Refused } from '../refused.ts'
import { end } from './cancel.ts'

/** Agrees to a deployment that waits for approvals. */
export async function approve(
  context: Context,
  wish: DeploymentWish,
): Promise<Done<{ approvals: Approval[]; required: number }>> {
  const voter = await findVoter(context, wish)
  const { subject, rules, wanted, askers } = voter
  await giveVerdict(context, voter, 'approved', wish.reason)
  const [approvals, nowMs] = await Promise.all([
    context.approvals.of(subject.record.id),
    context.records.nowMs(),
  ])
  const counted = countedOf({ approvals, askers, rules: environmentDigest(rules) }, wanted.expireMs, nowMs)
  const left = wanted.required - counted.length
  const what = `#${subject.record.id} to ${subject.record.environment} of ${subject.name}`
  const rest =
    left > 0 ? `${counted.length} of ${wanted.required} approvals` : 'it waits for no approval any more'
  return { text: `${what} is approved: ${rest}.`, approvals, required: wanted.required }
}

/** Refuses a deployment that waits for approvals: it ends. */
export async function reject(
  context: Context,
  wish: DeploymentWish,
): Promise<Done<{ deployment: number; state: DeploymentState }>> {
  const voter = await findVoter(context, wish)
  const { subject } = voter
  const { id, environment } = subject.record
  const { name: by } = context.actor
  const words = rejectedWords({ by, comment: wish.reason ?? '' })
  const outcome = await end(context, subject, { by, before: words })
  const record = (await context.records.read(id)) ?? subject.record
  if (outcome === 'runs' || outcome === 'over' || record.state !== 'inactive') {
    throw new Refused('conflict', notWaitingWords(record))
  }
  await giveVerdict(context, voter, 'rejected', wish.reason)
  const text = `#${id} to ${environment} of ${subject.name} is rejected by ${by}: it does not begin.`
  return { text, deployment: id, state: record.state }
}

interface Voter {
  subject: Subject
  rules: EnvironmentRules
  wanted: ApprovalRules
  askers: string[]
}

/** Who may have a say, of what waits for that. @throws {Refused} */
async function findVoter(context: Context, wish: DeploymentWish): Promise<Voter> {
  const subject = await findSubject(context, wish)
  const { record, name } = subject
  const rules = rulesOf(subject)
  const wanted = rules.approvals
  if (wanted === undefined) {
    await authorise(context.access, {
      actor: context.actor,
      deed: 'approve or reject a deployment',
      repository: name,
    })
    throw new Refused(
      'conflict',
      `${record.environment} of ${name} asks for no approvals (approvals in livraison.yml).`,
    )
  }
  await refuseUnlessAsked(context, wanted, name)
  const askers = askersOf(record, await context.requests.believed(record))
  if (askers.some((asker) => asker.toLowerCase() === context.actor.name.toLowerCase())) {
    const who = `${context.actor.name} asked for #${record.id}`
    throw new Refused(
      'forbidden',
      `${who}: somebody else must approve or reject it, or ${context.actor.name} may cancel it.`,
    )
  }
  if (isFinal(record.state) || record.state === 'in_progress') {
    throw new Refused('conflict', notWaitingWords(record))
  }
  return { subject, rules, wanted, askers }
}

/** By the rules it is these people and teams, else whoever has the role. */
async function refuseUnlessAsked(
  { access, actor }: Context,
  { from }: ApprovalRules,
  name: string,
): Promise<void> {
  if (from.length === 0) {
    return authorise(access, { actor, deed: 'approve or reject a deployment', repository: name })
  }
  if (await access.isOneOf(actor, from)) return
  throw new Refused(
    'forbidden',
    `${actor.name} may not approve or reject it: that is for ${whomWords(from)}.`,
  )
}

async function giveVerdict(
  { approvals, actor }: Context,
  { subject, rules }: Voter,
  verdict: Approval['verdict'],
  reason: string | undefined,
): Promise<void> {
  await approvals.give(subject.record.id, {
    by: actor.name,
    verdict,
    comment: reason ?? '',
    rules: environmentDigest(rules),
  })
}

function notWaitingWords({ id, state }: DeploymentRecord): string {
  return `#${id} does not wait for approvals: it is ${state}.`
}
