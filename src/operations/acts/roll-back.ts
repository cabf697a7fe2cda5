import type { DeploymentRecord } from '../../deployments/record.ts'
import { isFinal } from '../../deployments/record.ts'
import { chooseRollback, type RollbackFacts } from '../../deployments/rollback.ts'
import { rollbackJobId } from '../../jobs/job-ids.ts'
import { ask } from '../ask.ts'
import { findSubject, rulesOf, type Subject } from '../find-deployment.ts'
import type { Asked, DeploymentWish } from '../operations.ts'
import type { Context, Done } from '../perform.ts'
import { refuseIfLocked } from '../refuse-if-locked.ts'
import { Refused } from '../refused.ts'
import { refuseIfItFailed, tellOf } from './made-before.ts'

type Wish = DeploymentWish & { to?: number | undefined }

/** Puts back what worked before a deployment in its environment, or a named earlier one. */
export async function rollBack(context: Context, wish: Wish): Promise<Done<Asked>> {
  const subject = await findSubject(context, wish, 'roll a deployment back')
  const { record, repository } = subject
  const { environment } = record
  rulesOf(subject)
  const id = rollbackJobId(record.id, wish.to)
  const before = await madeBefore(context, subject, wish)
  if (before) return before
  const target = await targetOf(context, record, wish.to, id)
  await refuseIfLocked(context, repository.id, environment, wish.to === undefined)
  // What was decided here need not wait, as a rollback that we decide on: what is broken is not to stay so for longer.
  if (wish.to === undefined) await context.records.rollsBackTo(record.id, target.sha)
  const { pullRequest, branch, tag, changedAt } = target
  const standing = await ask(context, {
    ...{ id, job: id, repository, environment, sha: target.sha, reason: wish.reason, anew: true },
    description: `Rollback of #${record.id} to ${target.sha.slice(0, 7)} (#${target.id}).`,
    more: {
      rollbackOf: record.id,
      ...(pullRequest === undefined ? {} : { pullRequest }),
      ...(branch === undefined ? {} : { branch }),
      ...(tag === undefined ? {} : { tag }),
      ...(changedAt === undefined ? {} : { changedAt }),
    },
  })
  return tellOf(context, standing)
}

/** An automatic rollback, or one that somebody asked for, is the one that there is. */
async function madeBefore(
  context: Context,
  { record, name }: Subject,
  { to }: Wish,
): Promise<Done<Asked> | undefined> {
  const { rolledBackBy } = record
  if (to !== undefined || rolledBackBy === undefined) return undefined
  const rollback = await context.records.read(rolledBackBy)
  if (!rollback) return undefined
  await refuseIfItFailed(context, rolledBackBy)
  const { environment, sha, request = '' } = rollback
  return {
    text: `#${rolledBackBy} rolls it back to ${sha.slice(0, 7)} already.`,
    ...{ request, repository: name, environment, sha, deployment: rolledBackBy },
  }
}

async function targetOf(
  context: Context,
  record: DeploymentRecord,
  to: number | undefined,
  request: string,
): Promise<DeploymentRecord> {
  const facts = await context.rollbackFacts(record)
  const named = to === undefined ? undefined : await context.records.read(to)
  // Whatever has come since, what was asked for before is the answer.
  const asked = await context.requests.read(request)
  if (asked?.deployment === undefined) {
    const reason =
      whyNoRollback(record, facts) ?? (to === undefined ? undefined : whyNotTo(record, to, named))
    if (reason !== undefined) throw new Refused('conflict', reason)
  }
  if (named) return named
  const choice = chooseRollback(facts)
  const chosen = 'to' in choice ? await context.records.read(choice.to.deployment) : undefined
  if (chosen) return chosen
  const why = 'why' in choice ? choice.why : 'what succeeded before is not in the record any more'
  throw new Refused(
    'conflict',
    `#${record.id} is not rolled back: ${why}. Name an earlier success to go back to.`,
  )
}

/** Why a deployment cannot be rolled back at all, and what to do instead. Pure. */
export function whyNoRollback(
  { id, state, startedAt }: Pick<DeploymentRecord, 'id' | 'state' | 'startedAt'>,
  { newer }: Pick<RollbackFacts, 'newer'>,
): string | undefined {
  if (!isFinal(state)) return `#${id} is not over, it is ${state}: cancel it first, or let it end.`
  if (startedAt === undefined) return `#${id} never began: there is nothing to roll back.`
  return newer === undefined ? undefined : `#${newer} is newer than #${id}: roll that one back.`
}

/** Why an environment cannot go back to a named deployment. Pure. */
export function whyNotTo(
  from: Pick<DeploymentRecord, 'id' | 'repository' | 'environment'>,
  to: number,
  target: DeploymentRecord | undefined,
): string | undefined {
  if (target === undefined) return `Livraison knows no deployment #${to}.`
  const { repository, environment, state } = target
  if (repository.id !== from.repository.id || environment !== from.environment) {
    return `#${to} is not of ${from.environment}: name an earlier deployment there.`
  }
  if (to >= from.id) return `#${to} is not earlier than #${from.id}.`
  return state === 'success' ? undefined : `#${to} did not succeed, it is ${state}: name one that did.`
}
