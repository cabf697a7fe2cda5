import type { DeploymentRecord } from '../../deployments/record.ts'
import { isFinal } from '../../deployments/record.ts'
import { retryJobId } from '../../jobs/job-ids.ts'
import { truncate } from '../../text.ts'
import { ask } from '../ask.ts'
import { findSubject, rulesOf } from '../find-deployment.ts'
import type { Asked, DeploymentWish } from '../operations.ts'
import type { Context, Done } from '../perform.ts'
import { refuseIfLocked } from '../refuse-if-locked.ts'
import { Refused } from '../refused.ts'
import { tellOf } from './made-before.ts'

/** Deploys what failed, or was cancelled, again: the same commit, as a new deployment. */
export async function retry(context: Context, wish: DeploymentWish): Promise<Done<Asked>> {
  const subject = await findSubject(context, wish, 'retry a deployment')
  const { record, repository } = subject
  const { environment, sha } = record
  if (record.workflowRun !== undefined) {
    throw new Refused('conflict', `#${record.id} is for GitHub Actions to deploy: run its job there again.`)
  }
  rulesOf(subject)
  const id = retryJobId(record.id)
  // Whatever it has become since, what was asked for before is the answer.
  if ((await context.requests.read(id))?.deployment === undefined) {
    const lane = await context.newest({ repositoryId: repository.id, environment }, sinceAtMost)
    const reason = whyNoRetry(record, lane)
    if (reason !== undefined) throw new Refused('conflict', reason)
    await refuseIfLocked(context, repository.id, environment, false)
  }
  const { task, pullRequest, branch, tag, rollbackOf, promotedFrom, changedAt } = record
  const standing = await ask(context, {
    ...{ id, job: id, repository, environment, sha, reason: wish.reason, anew: true },
    description: truncate(`Retry of #${record.id}: ${record.description}`, 140),
    more: {
      retryOf: record.id,
      ...(task === 'deploy' ? {} : { task }),
      ...(pullRequest === undefined ? {} : { pullRequest }),
      ...(branch === undefined ? {} : { branch }),
      ...(tag === undefined ? {} : { tag }),
      ...(rollbackOf === undefined ? {} : { rollbackOf }),
      ...(promotedFrom === undefined ? {} : { promotedFrom }),
      ...(changedAt === undefined ? {} : { changedAt }),
    },
  })
  return tellOf(context, standing)
}

/** So many of a lane's newest deployments are looked at. */
const sinceAtMost = 200

type Retried = Pick<DeploymentRecord, 'id' | 'state' | 'sha' | 'rollbackOf' | 'cancelledBy'>

/** Why a deployment is not to be deployed again, and what to do instead; `lane` are its environment's newest. Pure. */
export function whyNoRetry(record: Retried, lane: readonly Retried[]): string | undefined {
  const { id, state, cancelledBy } = record
  if (state === 'success') return `#${id} has succeeded: deploy its commit if you want it there again.`
  if (!isFinal(state)) return `#${id} is not over, it is ${state}: cancel it first, or let it end.`
  if (state === 'inactive' && cancelledBy === undefined) {
    return `#${id} was replaced by a newer one before it began: deploy its commit if you want it all the same.`
  }
  const newer = lane.find((other) => other.id > id && isNewerWork(other, record))
  return (
    newer &&
    `#${newer.id} is newer (${newer.state}): to go back, roll that back or deploy the commit of #${id}.`
  )
}

/** What was deployed since, or is about to be: not what failed, nor what was put back in the place of this one. */
function isNewerWork(other: Retried, { id, sha }: Retried): boolean {
  if (other.sha === sha || other.rollbackOf === id) return false
  return other.state === 'success' || !isFinal(other.state)
}
