import type { Keys } from '../../src/deployments/keys.ts'
import { type DeploymentRecord, isFinal, type Records } from '../../src/deployments/record.ts'
import type { JobRequest, ProcessDeployment } from '../../src/jobs/job.ts'
import { deploymentJobId } from '../../src/jobs/job-ids.ts'
import { findJob, type Queues } from '../../src/jobs/queues.ts'
import type { Redis } from '../../src/redis/redis.ts'
import type { Requeue } from './requeue.ts'

/** The newest records that a pass looks at; older ones have long had every pass before. */
const mostRecords = 2000

/** What of a record says whether something is still to be done. */
export interface Rest {
  state: string
  /** How many of its statuses GitHub has, and how many there are. */
  sent: number
  statuses: number
  /** GitHub takes no more statuses of it. */
  unreportable: boolean
  /** Its predecessor is still to be made inactive. */
  retires: boolean
  /** The job that rolls it back is still to be queued. */
  rollsBack: boolean
}

/** Whether a deployment's job has something left to do. Pure. */
export function isUnfinished({ state, sent, statuses, unreportable, retires, rollsBack }: Rest): boolean {
  return !isFinal(state) || (sent < statuses && !unreportable) || retires || rollsBack
}

/** Queues the deployments again whose record is not finished and that have no job any more; gives their ids. */
export async function requeueUnfinished(
  redis: Redis,
  keys: Keys,
  records: Records,
  queues: Queues,
  requeue: Requeue,
): Promise<number[]> {
  const requeued: number[] = []
  for (const id of await findUnfinished(redis, keys, await redis.zrevrange(keys.all, 0, mostRecords - 1))) {
    const record = await records.read(Number(id))
    if (!record) continue
    const request = requestOf(record)
    if ((await requeue(request)) || (await beginAgain(redis, keys, queues, request))) requeued.push(record.id)
  }
  return requeued
}

async function findUnfinished(redis: Redis, keys: Keys, ids: string[]): Promise<string[]> {
  const pipeline = redis.pipeline()
  for (const id of ids) {
    pipeline
      .hmget(keys.record(id), 'state', 'sent', 'unreportable', 'retires', 'rollsBack')
      .llen(keys.statuses(id))
  }
  const answers = ((await pipeline.exec()) ?? []).map(([error, answer]) => {
    if (error) throw error
    return answer
  })
  return ids.filter((_id, index) => {
    const [state, sent, unreportable, retires, rollsBack] = answers[2 * index] as (string | null)[]
    if (!state) return false
    const statuses = answers[2 * index + 1] as number
    return isUnfinished({
      state,
      sent: Number(sent ?? 0),
      statuses,
      unreportable: typeof unreportable === 'string',
      retires: typeof retires === 'string',
      rollsBack: typeof rollsBack === 'string',
    })
  })
}

/** A job that ended without finishing its deployment is begun again. */
async function beginAgain(redis: Redis, keys: Keys, queues: Queues, request: JobRequest): Promise<boolean> {
  const job = await findJob(queues, 'deployments', request.id)
  const state = await job?.getState()
  if (!job || (state !== 'completed' && state !== 'failed')) return false
  // It may have finished since the records were read.
  const { id } = (request.data as ProcessDeployment).deployment
  if ((await findUnfinished(redis, keys, [String(id)])).length === 0) return false
  await job.retry(state).catch(async (error: unknown) => {
    // Another may have begun it again in between.
    if ((await job.getState()) === state) throw error
  })
  return true
}

/** The job of a deployment, from its record. Pure. */
export function requestOf(
  record: DeploymentRecord,
): Extract<JobRequest, { name: 'process-deployment' | 'review-deployment' }> {
  const request = processOf(record)
  const { workflowRun } = record
  if (workflowRun === undefined) return request
  const deployment = { ...request.data.deployment, workflowRun }
  return { name: 'review-deployment', id: request.id, data: { ...request.data, deployment } }
}

function processOf(record: DeploymentRecord): Extract<JobRequest, { name: 'process-deployment' }> {
  const { id, sha, ref, task, environment, description, creator, createdAt } = record
  const {
    production,
    transient,
    deployUser,
    pullRequest,
    branch,
    tag,
    rollbackOf,
    reason,
    repository,
    delivery,
  } = record
  const { promotedFrom, retryOf, request, changedAt, askedIn, app, hosts } = record
  return {
    name: 'process-deployment',
    id: deploymentJobId(id),
    data: {
      repository,
      deployment: {
        ...{ id, sha, ref, task, environment, description, creator, createdAt, production, transient },
        ...(deployUser === undefined ? {} : { deployUser }),
        ...(branch === undefined ? {} : { branch }),
        ...(tag === undefined ? {} : { tag }),
        ...(pullRequest === undefined ? {} : { pullRequest }),
        ...(rollbackOf === undefined ? {} : { rollbackOf }),
        ...(promotedFrom === undefined ? {} : { promotedFrom }),
        ...(retryOf === undefined ? {} : { retryOf }),
        ...(request === undefined ? {} : { request }),
        ...(changedAt === undefined ? {} : { changedAt }),
        ...(reason === undefined ? {} : { reason }),
        ...(askedIn === undefined ? {} : { askedIn }),
        ...(app === undefined ? {} : { app }),
        ...(hosts === undefined ? {} : { hosts }),
      },
      delivery,
    },
  }
}
