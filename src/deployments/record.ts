import type { DeploymentState } from '../github/deployments.ts'
import type { ProcessDeployment } from '../jobs/job.ts'
import type { Redis } from '../redis/redis.ts'
import { redisTime } from '../redis/time.ts'
import { type DeploymentRecord, toRecord } from './deployment-record.ts'
import type { Keys } from './keys.ts'
import { lockTaskOf } from './lock-task.ts'
import { accept, close, restore, rolledBackBy } from './record-scripts.ts'

export type { DeploymentRecord } from './deployment-record.ts'

/** The form of the records; a newer worker reads older ones. */
const schemaVersion = 1

/** A status that a deployment was given, and whether GitHub has it. */
export interface RecordedStatus {
  state: DeploymentState
  description: string
  at: number
  sent: boolean
}

/** The memory of all deployments. */
export interface Records {
  /** Writes a deployment down with its first status, `pending`, unless it is known already; gives all its statuses. */
  accept(job: ProcessDeployment): Promise<RecordedStatus[]>
  /**
   * Writes a deployment down that GitHub says has succeeded, if the lane knows of nothing newer: what is deployed there is known
   * again. Says whether it was so; not while something runs or waits in the lane.
   */
  restore(job: ProcessDeployment, ended: EndedDeployment): Promise<boolean>
  read(id: number): Promise<DeploymentRecord | undefined>
  statuses(id: number): Promise<RecordedStatus[]>
  /** What is to be done once it is over: its rollback to be queued, its predecessor to be made inactive. */
  leftToDo(id: number): Promise<{ rollsBack: boolean; retires: number | undefined }>
  /** Notes that the job which rolls it back is queued. */
  rollbackQueued(id: number): Promise<void>
  /** Notes the commit that a person's rollback of it goes back to. */
  rollsBackTo(id: number, sha: string): Promise<void>
  /** Notes the deployment that rolls it back; says whether that is news. */
  rolledBackBy(id: number, by: number): Promise<boolean>
  /** Now, by Redis's clock, as all times of records are. */
  nowMs(): Promise<number>
  /** Notes that the predecessor of a deployment was made inactive. */
  retired(id: number): Promise<void>
  /**
   * Nothing more is to be done about a deployment: from now on it is only kept to be looked at, for a time; what is deployed now,
   * until something else is.
   */
  close(id: number): Promise<void>
}

/** How a deployment went, as GitHub has it; in milliseconds since 1970. */
export interface EndedDeployment {
  beganAt: number
  endedAt: number
  description: string
}

/** How much is remembered. */
export interface Retention {
  /** How long a deployment that is over is kept. */
  keptMs: number
  /** How many deployments of one lane are kept. */
  keptPerLane: number
}

export const defaultRetention: Retention = { keptMs: 90 * 24 * 3600 * 1000, keptPerLane: 1000 }

/** Opens the records in Redis. */
export function openRecords(redis: Redis, keys: Keys, retention = defaultRetention): Records {
  return {
    async accept(job) {
      const { repository, deployment } = job
      const { id, environment } = deployment
      const takesNoLane = lockTaskOf(deployment.task) !== undefined
      const answer = await accept(
        redis,
        [
          keys.record(id),
          keys.statuses(id),
          keys.all,
          keys.ofRepository(repository.id),
          takesNoLane ? keys.lockTasks(repository.id) : keys.ofLane(repository.id, environment),
          keys.lanes,
        ],
        [
          ...[id, 'Livraison has this deployment.', retention.keptPerLane],
          takesNoLane ? '' : `${repository.id}:${environment}`,
          ...fieldsOf(job),
        ],
      )
      const [sent, listed] = answer as [string, string[]]
      return toStatuses(listed, sent)
    },

    async restore(job, { beganAt, endedAt, description }) {
      const { repository, deployment } = job
      const { id, environment } = deployment
      const restored = await restore(
        redis,
        [
          ...[keys.record(id), keys.statuses(id), keys.all, keys.ofRepository(repository.id)],
          ...[keys.ofLane(repository.id, environment), keys.lanes, keys.lane(repository.id, environment)],
          keys.waiting(repository.id, environment),
        ],
        [id, description, `${repository.id}:${environment}`, beganAt, endedAt, ...fieldsOf(job)],
      )
      return restored === 1
    },

    async read(id) {
      const hash = await redis.hgetall(keys.record(id))
      return hash.id === undefined ? undefined : toRecord(hash)
    },

    async leftToDo(id) {
      const [rollsBack, retires] = await redis.hmget(keys.record(id), 'rollsBack', 'retires')
      return { rollsBack: Boolean(rollsBack), retires: retires ? Number(retires) : undefined }
    },

    async rollbackQueued(id) {
      await redis.hdel(keys.record(id), 'rollsBack')
    },

    async rollsBackTo(id, sha) {
      await redis.hset(keys.record(id), 'rollbackTo', sha)
    },

    async rolledBackBy(id, by) {
      return (await rolledBackBy(redis, [keys.record(id)], [by])) === 1
    },

    nowMs: () => redisTime(redis, keys.all),

    async retired(id) {
      await redis.hdel(keys.record(id), 'retires')
    },

    async close(id) {
      const lasting = [keys.record(id), keys.statuses(id), keys.log(id), keys.approvals(id)]
      await close(redis, lasting, [id, retention.keptMs])
    },

    async statuses(id) {
      const [listed, sent] = await Promise.all([
        redis.lrange(keys.statuses(id), 0, -1),
        redis.hget(keys.record(id), 'sent'),
      ])
      return toStatuses(listed, sent)
    },
  }
}

/** The fields of a record that a deployment comes with, each followed by its value. */
function fieldsOf({ repository, deployment, delivery }: ProcessDeployment): (string | number)[] {
  const { askedIn, ...plain } = deployment
  const fields = {
    v: schemaVersion,
    repositoryId: repository.id,
    owner: repository.owner,
    name: repository.name,
    delivery,
    ...plain,
    ...(askedIn === undefined ? {} : { askedIn: JSON.stringify(askedIn) }),
    production: Number(deployment.production),
    transient: Number(deployment.transient),
  }
  return Object.entries(fields).flat()
}

/** Statuses as Redis has them, of which GitHub has the first `sent`. */
export function toStatuses(jsons: readonly string[], sent: string | null): RecordedStatus[] {
  return jsons.map((json, index) => ({ ...JSON.parse(json), sent: index < Number(sent ?? 0) }))
}

const finalStates: readonly string[] = ['success', 'failure', 'error', 'inactive']

/** Whether a deployment in this state is over. */
export function isFinal(state: string): boolean {
  return finalStates.includes(state)
}
