import type { Keys } from '../src/deployments/keys.ts'
import { lockTaskOf } from '../src/deployments/lock-task.ts'
import type { RecordedStatus, Records } from '../src/deployments/record.ts'
import { adopt, noteSent } from '../src/deployments/record-scripts.ts'
import type { GitHub } from '../src/github/client.ts'
import { createStatus, listStatuses } from '../src/github/deployments.ts'
import { GitHubRefusal, GitHubUnavailable } from '../src/github/failure.ts'
import type { ProcessDeployment } from '../src/jobs/job.ts'
import type { Redis } from '../src/redis.ts'
import { noTracing, type Tracing } from '../src/tracing/tracing.ts'
import { AskAgain } from './ask-again.ts'
import { compareStatuses } from './compare-statuses.ts'
import { type Exclusively, renewNow } from './exclusively.ts'
import type { Lease } from './lease.ts'

/** Brings a deployment's statuses to GitHub: in order, each once, by one writer at a time. */
export interface Outbox {
  /** Compares what GitHub has with what was sent, and takes over what Redis had forgotten. */
  compare(job: ProcessDeployment): Promise<void>
  /**
   * Sends what is not sent yet. After a write whose answer was lost, it compares before it writes again.
   *
   * @throws {Error} a RetryLater if GitHub cannot take it now, an AskAgain if another process is at it
   */
  deliver(job: ProcessDeployment): Promise<void>
  /**
   * Makes an earlier deployment inactive, once GitHub has all its own statuses and unless it is already.
   *
   * @throws {Error} as deliver
   */
  retire(job: ProcessDeployment, earlier: number, description: string): Promise<void>
}

export interface OutboxOptions {
  redis: Redis
  keys: Keys
  records: Records
  github: GitHub
  /** Where a deployment's environment can be seen, if the rules say. */
  environmentUrl: (job: ProcessDeployment) => string | undefined
  /** The address of a deployment's log. */
  logUrl: (job: ProcessDeployment) => string
  exclusively: Exclusively
  tracing?: Tracing
}

/** Opens the outbox. */
export function openOutbox(options: OutboxOptions): Outbox {
  const { redis, keys, records, github, exclusively, tracing = noTracing } = options
  const post = (job: ProcessDeployment, { state, description }: RecordedStatus) =>
    createStatus(github, job.repository, job.deployment.id, {
      state,
      description,
      logUrl: options.logUrl(job),
      environmentUrl: options.environmentUrl(job),
      isAside: lockTaskOf(job.deployment.task) !== undefined,
    })

  const sendAll = async (job: ProcessDeployment, lease: Lease) => {
    const { id } = job.deployment
    const statuses = await records.statuses(id)
    for (const [index, status] of statuses.entries()) {
      if (status.sent) continue
      await renewNow(lease)
      const about = { 'livraison.state': status.state, 'livraison.description': status.description }
      await tracing.span(`report ${status.state}`, { attributes: about }, () => post(job, status))
      await noteSent(redis, [keys.record(id)], [index + 1])
    }
  }

  const compare: Outbox['compare'] = async (job) => {
    const { id } = job.deployment
    const [ours, theirs] = await Promise.all([records.statuses(id), listStatuses(github, job.repository, id)])
    const { sent, state, description } = compareStatuses(ours, theirs)
    await adopt(redis, [keys.record(id), keys.statuses(id)], [sent, state, description])
  }

  return {
    compare,

    async deliver(job) {
      const { id } = job.deployment
      const record = await records.read(id)
      if (record?.unreportable !== undefined) return
      await exclusively(keys.writer(id), async (lease) => {
        try {
          if (record?.uncertain) await compare(job)
          await sendAll(job, lease)
          if (record?.uncertain) await redis.hdel(keys.record(id), 'uncertain')
        } catch (error) {
          if (error instanceof GitHubUnavailable) await redis.hset(keys.record(id), 'uncertain', 1)
          if (error instanceof GitHubRefusal) await redis.hset(keys.record(id), 'unreportable', error.message)
          throw error
        }
      })
    },

    async retire(job, id, description) {
      await exclusively(keys.writer(id), async (lease) => {
        const statuses = await records.statuses(id)
        const record = await records.read(id)
        if (record?.unreportable === undefined && statuses.some(({ sent }) => !sent)) {
          throw new AskAgain(`#${id} has statuses that GitHub does not have yet.`, 1000)
        }
        const [latest] = await listStatuses(github, job.repository, id)
        // It may have been made inactive by an earlier attempt whose answer was lost.
        if (latest?.state !== 'success') return
        await renewNow(lease)
        await createStatus(github, job.repository, id, { state: 'inactive', description, logUrl: '' })
      })
    },
  }
}
