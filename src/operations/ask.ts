import { findEnvironment } from '../config/find-environment.ts'
import { fullName, type Repository, type StartDeployment } from '../jobs/job.ts'
import { anotherTry } from '../jobs/job-ids.ts'
import type { Asked } from './operations.ts'
import type { Context, Done } from './perform.ts'
import { Refused } from './refused.ts'
import type { DeploymentRequest } from './requests.ts'
import { until } from './until.ts'

/** A deployment that is to be made in somebody's name. */
export interface Wanted {
  /** The request's id: two of one id are one. */
  id: string
  /** The id of the job that makes it. */
  job: string
  repository: Repository
  environment: string
  sha: string
  /** What was named, if not the sha. */
  ref?: string | undefined
  description: string
  force?: boolean
  reason?: string | undefined
  /** Whether it may be asked for once more if it came to nothing. */
  anew: boolean
  /** What else there is to know of it. */
  more?: Partial<StartDeployment>
}

/** How a wish stands: with its deployment, or without one as yet. */
export interface Standing {
  request: DeploymentRequest
  /** Whether somebody had asked for the same before. */
  isOld: boolean
}

/** An automatic promotion or rollback has a job of the same name: that one may be there already, more than once. */
const mostTries = 20

/**
 * Has a worker make a deployment, by the one job that makes deployments, and waits a while for what becomes of it.
 *
 * @throws {Refused} with the reason, if none is made
 */
export async function ask(context: Context, wanted: Wanted): Promise<Standing> {
  refuseIfOnlyActions(context, wanted)
  for (let tries = 0; tries < mostTries; tries++) {
    const { request, isNew } = await context.requests.open(requestOf(context, wanted), wanted.anew)
    refuseIfOther(request, wanted)
    const isOld = !isNew
    if (request.deployment !== undefined || request.refused !== undefined) return conclude(request, isOld)
    const job = anotherTry(wanted.job, request.attempt)
    const whose = await queue(context, wanted, job)
    if (whose === 'ours') return conclude(await waitForResult(context, request, job), isOld)
    if (whose === 'under way') {
      const reason = `That is being made already, by itself: ${request.environment} of ${request.repository} gets ${short(request)}.`
      await context.requests.refused(request.id, reason)
      throw new Refused('conflict', reason)
    }
    await context.requests.refused(request.id, 'A job of the same name was done before it.')
  }
  throw new Refused('conflict', 'It was asked for too many times: deploy the commit instead.')
}

/** What whoever asked is told of it. */
export function askedOf({ request, isOld }: Standing, more = ''): Done<Asked> {
  const { id, repository, environment, sha, deployment, waitsFor } = request
  const what = `${short(request)} to ${environment} of ${repository}`
  const asked = { request: id, repository, environment, sha }
  if (deployment !== undefined) {
    const made = isOld ? 'was made before' : 'is made'
    return { text: `Deployment #${deployment} of ${what} ${made}.${more}`, ...asked, deployment }
  }
  const wait =
    waitsFor === undefined
      ? 'No worker has taken it up yet: it is deployed once one has.'
      : `It waits for ${waitsFor.replace(/\.$/, '')}, and is deployed after that.`
  return { text: `The deployment of ${what} is asked for. ${wait}${more}`, ...asked }
}

function short({ sha, ref }: Pick<DeploymentRequest, 'sha' | 'ref'>): string {
  const commit = sha.slice(0, 7)
  return ref === undefined || sha.startsWith(ref.toLowerCase()) ? commit : `${ref} (${commit})`
}

function requestOf({ actor }: Context, wanted: Wanted) {
  const { id, repository, environment, sha, ref, reason, force = false } = wanted
  return {
    ...{ id, environment, sha, ref, reason, force },
    by: actor.name,
    face: actor.face,
    repositoryId: repository.id,
    repository: fullName(repository),
  }
}

/** Nothing of ours could deploy it. */
function refuseIfOnlyActions({ rules }: Context, { repository, environment }: Wanted): void {
  const ofRepository = rules.current.of(fullName(repository))
  if (!ofRepository || findEnvironment(ofRepository, environment)?.executor.kind !== 'actions') return
  throw new Refused(
    'conflict',
    `Only GitHub Actions deploys to ${environment} of ${fullName(repository)}: begin its workflow there.`,
  )
}

/** One key stands for one wish. The branch may have moved since: then the first commit counts. */
function refuseIfOther(request: DeploymentRequest, { repository, environment, ref }: Wanted): void {
  const isSame =
    request.repositoryId === repository.id && request.environment === environment && request.ref === ref
  if (!isSame) throw new Refused('invalid', 'This key was used for another deployment: take a new one.')
}

type Whose = 'ours' | 'under way' | 'done before'

/** Queues the job, once. It may be there: our own that was asked for at the same time, or an automatic one. */
async function queue(context: Context, wanted: Wanted, id: string): Promise<Whose> {
  const { actor, enqueue, queues } = context
  const data: StartDeployment = {
    repository: wanted.repository,
    environment: wanted.environment,
    sha: wanted.sha,
    description: wanted.description,
    deployUser: actor.name,
    ...wanted.more,
    request: wanted.id,
    delivery: `request-${wanted.id}`,
  }
  if ((await enqueue({ name: 'start-deployment', id, data })) === 'queued') return 'ours'
  const job = await queues.events.getJob(id)
  if (job?.data.request === wanted.id) return 'ours'
  const isOver = job === undefined || (await job.isCompleted()) || (await job.isFailed())
  return isOver ? 'done before' : 'under way'
}

/** That CI is waited for may take an hour: whoever asked need not wait for that. */
async function waitForResult(
  context: Context,
  first: DeploymentRequest,
  job: string,
): Promise<DeploymentRequest> {
  const { requests, gates, patienceMs } = context
  let last = first
  await until(patienceMs, async () => {
    last = (await requests.read(first.id)) ?? last
    if (last.deployment !== undefined || last.refused !== undefined) return true
    const waits = last.waitsFor !== undefined && (await gates.read(job))?.verdict === 'pending'
    return waits || undefined
  })
  return last
}

function conclude(request: DeploymentRequest, isOld: boolean): Standing {
  if (request.refused !== undefined) throw new Refused('conflict', request.refused)
  return { request, isOld }
}
