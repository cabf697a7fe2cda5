import { findEnvironment } from '../config/find-environment.ts'
import type { EnvironmentRules } from '../config/rules.ts'
import type { DeploymentRecord } from '../deployments/record.ts'
import { fullName, type ProcessDeployment, type Repository } from '../jobs/job.ts'
import { deploymentJobId } from '../jobs/job-ids.ts'
import { findJob } from '../jobs/queues.ts'
import { acceptDeployment } from './accept.ts'
import type { Deed } from './authorise.ts'
import { authorise } from './authorise.ts'
import type { DeploymentWish } from './operations.ts'
import type { Context } from './perform.ts'
import { Refused } from './refused.ts'

/** A deployment that somebody wants to do something about. */
export interface Subject {
  record: DeploymentRecord
  /** Its repository, as it is called now. */
  repository: Repository
  /** `owner/name`. */
  name: string
  /** The rules of its environment; undefined if it is not in livraison.yml any more. */
  rules: EnvironmentRules | undefined
}

/**
 * Finds a deployment, and makes sure that whoever asks may do this to it. One that no worker has accepted yet is found by its job, and
 * written down.
 *
 * @throws {Refused} if there is none, its repository is another, or they may not
 */
export async function findSubject(context: Context, wish: DeploymentWish, deed?: Deed): Promise<Subject> {
  const { records, repositories, about, actor, access } = context
  const known = await records.read(wish.deployment)
  const job = known ? undefined : await queuedJob(context, wish.deployment)
  const { repository: then, deployment } = known
    ? { repository: known.repository, deployment: known }
    : (job ?? noneOf(wish))
  const name = (await repositories.nameOf(then.id)) ?? fullName(then)
  const meant = wish.repository?.toLowerCase() ?? name.toLowerCase()
  if (meant !== name.toLowerCase() && meant !== fullName(then).toLowerCase()) noneOf(wish)
  about.repository = name
  about.environment = deployment.environment
  if (deed) await authorise(access, { actor, deed, repository: name })
  if (job) await acceptDeployment(job, context)
  const record = known ?? (await records.read(wish.deployment)) ?? noneOf(wish)
  const [owner = '', repo = ''] = name.split('/')
  const ofRepository = context.rules.current.of(name)
  return {
    record,
    name,
    repository: { id: then.id, owner, name: repo },
    rules: ofRepository && findEnvironment(ofRepository, record.environment),
  }
}

/** The rules of a deployment's environment. @throws {Refused} if it is not in livraison.yml any more */
export function rulesOf({ rules, record, name }: Subject): EnvironmentRules {
  if (rules) return rules
  throw new Refused('conflict', `${record.environment} of ${name} is not in livraison.yml any more.`)
}

/** A job that is over is of a deployment that was forgotten: to write that down again would begin its life anew. */
async function queuedJob({ queues }: Context, id: number): Promise<ProcessDeployment | undefined> {
  const job = await findJob(queues, 'deployments', deploymentJobId(id))
  if (!job || (await job.isCompleted()) || (await job.isFailed())) return undefined
  return job.data
}

function noneOf({ deployment, repository }: DeploymentWish): never {
  const where = repository === undefined ? '' : ` of ${repository}`
  throw new Refused('unknown', `Livraison knows no deployment #${deployment}${where}.`)
}
