import type { EnvironmentRules, RepositoryRules } from '../../config/rules.ts'
import type { DeploymentRecord } from '../../deployments/record.ts'
import { promotionJobId } from '../../jobs/job-ids.ts'
import { truncate } from '../../text.ts'
import { ask } from '../ask.ts'
import { findSubject, type Subject } from '../find-deployment.ts'
import { environmentRulesOf, repositoryRulesOf } from '../find-place.ts'
import type { Asked, DeploymentWish } from '../operations.ts'
import type { Context, Done } from '../perform.ts'
import { refuseIfLocked } from '../refuse-if-locked.ts'
import { Refused } from '../refused.ts'
import { refuseIfItFailed, tellOf } from './made-before.ts'

type Wish = DeploymentWish & { environment?: string | undefined }

/** Deploys the commit of a success to the environment that comes after, or to a named one. */
export async function promote(context: Context, wish: Wish): Promise<Done<Asked>> {
  const subject = await findSubject(context, wish, 'promote a deployment')
  const { record, repository, name } = subject
  const rules = await repositoryRulesOf(context, name)
  const { name: environment } = nextOf(rules, record.environment, name, wish.environment)
  context.about.environment = environment
  if (record.state !== 'success') {
    throw new Refused(
      'conflict',
      `#${record.id} has not succeeded, it is ${record.state}: only what has is promoted.`,
    )
  }
  const before = await madeBefore(context, subject, environment)
  if (before) return before
  await refuseIfLocked(context, repository.id, environment, false)
  const { id, sha, pullRequest, branch, tag, changedAt } = record
  const job = promotionJobId(id, environment)
  const standing = await ask(context, {
    ...{ id: job, job, repository, environment, sha, reason: wish.reason, anew: true },
    description: truncate(record.description || `#${id} of ${record.environment}`, 140),
    more: {
      promotedFrom: id,
      ...(pullRequest === undefined ? {} : { pullRequest }),
      ...(branch === undefined ? {} : { branch }),
      ...(tag === undefined ? {} : { tag }),
      ...(changedAt === undefined ? {} : { changedAt }),
    },
  })
  return tellOf(context, standing)
}

/** The environment that is meant: that of this name, or the one that comes after. @throws {Refused} if there is no such one */
export function nextOf(
  rules: RepositoryRules,
  from: string,
  repository: string,
  named: string | undefined,
): EnvironmentRules {
  if (named !== undefined) {
    const found = environmentRulesOf(rules, repository, named)
    if (found.name.toLowerCase() !== from.toLowerCase()) return found
    throw new Refused('invalid', `It is of ${from} itself: name another environment.`)
  }
  const [first, ...others] = rules.environments.filter(
    ({ after }) => after?.toLowerCase() === from.toLowerCase(),
  )
  if (first === undefined)
    throw new Refused('invalid', `No environment of ${repository} comes after ${from}: name one.`)
  if (others.length === 0) return first
  const names = [first, ...others].map((each) => each.name).join(', ')
  throw new Refused('invalid', `Several environments come after ${from}: name one of ${names}.`)
}

/** So many of the environment's newest deployments are looked at. */
const lookedAt = 100

/** What was promoted before, by itself or because somebody asked, is the one that there is. */
async function madeBefore(
  context: Context,
  { record, repository, name }: Subject,
  environment: string,
): Promise<Done<Asked> | undefined> {
  const newest = await context.newest({ repositoryId: repository.id, environment }, lookedAt)
  const isOfIt = ({ promotedFrom, sha, retryOf }: DeploymentRecord) =>
    promotedFrom === record.id && sha === record.sha && retryOf === undefined
  const found = newest.find(isOfIt)
  if (!found) return undefined
  await refuseIfItFailed(context, found.id)
  const { id, sha, request = '' } = found
  const text = `#${id} of ${sha.slice(0, 7)} to ${environment} was made of it before; it is ${found.state}.`
  return { text, request, repository: name, environment, sha, deployment: id }
}
