import type { DeploymentState } from '../github/deployments.ts'
import type { ProcessDeployment, Repository } from '../jobs/job.ts'
import type { Redis } from '../redis.ts'
import type { Keys } from './keys.ts'
import { accept } from './record-scripts.ts'

/** The form of the records; a newer worker reads older ones. */
const schemaVersion = 1

/** What is known of a deployment. Times are milliseconds since 1970, by Redis's clock. */
export interface DeploymentRecord {
  id: number
  repository: Repository
  environment: string
  ref: string
  sha: string
  task: string
  description: string
  creator: string
  deployUser?: string
  pullRequest?: number
  /** The branch, and the tag, that it is of, where its payload says. */
  branch?: string
  tag?: string
  production: boolean
  transient: boolean
  createdAt: string
  acceptedAt: number
  state: DeploymentState
  startedAt?: number
  finishedAt?: number
  /** How many times its work was begun. */
  tries: number
  /** The worker that began it last. */
  worker?: string
  /** The digest of the rules that it was begun under last. */
  rules?: string
  /** The GUID of the delivery that asked for it. */
  delivery: string
  /** The deployment before it in a production environment, to be made inactive after its success. */
  retires?: number
  /** GitHub's answer to the last write of a status was lost: it may have it. */
  uncertain?: boolean
  /** Why GitHub takes no more statuses of it. */
  unreportable?: string
}

/** A status that a deployment was given, and whether GitHub has it. */
export interface RecordedStatus {
  state: DeploymentState
  description: string
  at: number
  sent: boolean
}

/** The memory of all deployments. */
export interface Records {
  /** Writes a deployment down with its first status, `pending`, unless it is known already. */
  accept(job: ProcessDeployment): Promise<void>
  read(id: number): Promise<DeploymentRecord | undefined>
  statuses(id: number): Promise<RecordedStatus[]>
  /** Notes the digest of the rules that a run begins under. */
  runsUnder(id: number, digest: string): Promise<void>
  /** Notes that the predecessor of a deployment was made inactive. */
  retired(id: number): Promise<void>
  /** Nothing more is to be done about a deployment: from now on it is only kept to be looked at, for a time. */
  close(id: number): Promise<void>
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
    async accept({ repository, deployment, delivery }) {
      const { id, environment } = deployment
      const fields = {
        v: schemaVersion,
        repositoryId: repository.id,
        owner: repository.owner,
        name: repository.name,
        delivery,
        ...deployment,
        production: Number(deployment.production),
        transient: Number(deployment.transient),
      }
      await accept(
        redis,
        [
          keys.record(id),
          keys.statuses(id),
          keys.all,
          keys.ofRepository(repository.id),
          keys.ofLane(repository.id, environment),
        ],
        [id, 'Livraison has this deployment.', retention.keptPerLane, ...Object.entries(fields).flat()],
      )
    },

    async read(id) {
      const hash = await redis.hgetall(keys.record(id))
      return hash.id === undefined ? undefined : toRecord(hash)
    },

    async runsUnder(id, digest) {
      await redis.hset(keys.record(id), 'rules', digest)
    },

    async retired(id) {
      await redis.hdel(keys.record(id), 'retires')
    },

    async close(id) {
      const lasting = [keys.record(id), keys.statuses(id), keys.log(id)]
      await Promise.all(lasting.map((key) => redis.pexpire(key, retention.keptMs)))
    },

    async statuses(id) {
      const [listed, sent] = await Promise.all([
        redis.lrange(keys.statuses(id), 0, -1),
        redis.hget(keys.record(id), 'sent'),
      ])
      return listed.map((json, index) => ({ ...JSON.parse(json), sent: index < Number(sent ?? 0) }))
    },
  }
}

/** A record as its hash in Redis has it. */
export function toRecord(hash: Record<string, string>): DeploymentRecord {
  const text = (field: string) => hash[field] ?? ''
  const optional = <T>(field: string, read: (value: string) => T) =>
    hash[field] === undefined ? {} : { [field]: read(hash[field]) }
  return {
    id: Number(hash.id),
    repository: { id: Number(hash.repositoryId), owner: text('owner'), name: text('name') },
    environment: text('environment'),
    ref: text('ref'),
    sha: text('sha'),
    task: text('task'),
    description: text('description'),
    creator: text('creator'),
    ...optional('deployUser', String),
    ...optional('pullRequest', Number),
    ...optional('branch', String),
    ...optional('tag', String),
    production: hash.production === '1',
    transient: hash.transient === '1',
    createdAt: text('createdAt'),
    acceptedAt: Number(hash.acceptedAt),
    state: text('state') as DeploymentState,
    ...optional('startedAt', Number),
    ...optional('finishedAt', Number),
    tries: Number(hash.tries ?? 0),
    ...optional('worker', String),
    ...optional('rules', String),
    delivery: text('delivery'),
    ...optional('retires', Number),
    ...optional('uncertain', Boolean),
    ...optional('unreportable', String),
  }
}

const finalStates: readonly string[] = ['success', 'failure', 'error', 'inactive']

/** Whether a deployment in this state is over. */
export function isFinal(state: string): boolean {
  return finalStates.includes(state)
}
