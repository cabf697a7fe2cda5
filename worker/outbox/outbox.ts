import type { Keys } from '../../src/deployments/keys.ts'
import { lockTaskOf } from '../../src/deployments/lock-task.ts'
import type { RecordedStatus, Records } from '../../src/deployments/record.ts'
import { adopt } from '../../src/deployments/record-scripts.ts'
import { NoInstallation } from '../../src/github/app/no-installation.ts'
import type { GitHub } from '../../src/github/client.ts'
import { createStatus, listStatuses } from '../../src/github/deployments.ts'
import { GitHubRefusal, GitHubUnavailable } from '../../src/github/failure.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import type { Redis } from '../../src/redis/redis.ts'
import { noTracing, type Tracing } from '../../src/tracing/tracing.ts'
import { AskAgain } from '../ask-again.ts'
import { type Exclusively, renewNow } from '../exclusively.ts'
import { compareStatuses } from './compare-statuses.ts'
import type { InWritersTurn } from './writers-turn.ts'

/** Brings a deployment's statuses to GitHub: in order, each once, by one writer at a time. */
export interface Outbox {
  /** Compares what GitHub has with our statuses, and takes over what Redis had forgotten. */
  compare(job: ProcessDeployment, ours: RecordedStatus[]): Promise<void>
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
  inTurn: InWritersTurn
  tracing?: Tracing
}

const dayMs = 24 * 3_600_000

/** Opens the outbox. */
export function openOutbox(options: OutboxOptions): Outbox {
  const { redis, keys, records, github, exclusively, inTurn, tracing = noTracing } = options
  const post = (job: ProcessDeployment, { state, description }: RecordedStatus) =>
    createStatus(github, job.repository, job.deployment.id, {
      state,
      description,
      logUrl: options.logUrl(job),
      environmentUrl: options.environmentUrl(job),
      isAside: lockTaskOf(job.deployment.task) !== undefined,
    })

  const traced = (job: ProcessDeployment, status: RecordedStatus) => {
    const attributes = { 'livraison.state': status.state, 'livraison.description': status.description }
    return tracing.span(`report ${status.state}`, { attributes }, () => post(job, status))
  }

  const compare: Outbox['compare'] = async (job, ours) => {
    const { id } = job.deployment
    const theirs = await listStatuses(github, job.repository, id)
    const { sent, state, description } = compareStatuses(ours, theirs)
    const isNews = state !== '' || sent > ours.filter((status) => status.sent).length
    if (isNews) await adopt(redis, [keys.record(id), keys.statuses(id)], [sent, state, description])
  }

  /** Whoever has suspended the App may lift that: for a day, the reconciler has it tried again. */
  const mayComeBack = async (error: GitHubRefusal, id: number): Promise<boolean> => {
    if (!(error instanceof NoInstallation)) return false
    const [record, nowMs] = await Promise.all([records.read(id), records.nowMs()])
    return nowMs - (record?.finishedAt ?? nowMs) < dayMs
  }

  return {
    compare,

    async deliver(job) {
      const { id } = job.deployment
      await inTurn(id, async (turn) => {
        try {
          if (turn.uncertain) {
            await compare(job, turn.statuses)
            await turn.readAgain()
          }
          for (const [index, status] of turn.statuses.entries()) {
            if (!status.sent) await turn.send(index + 1, () => traced(job, status))
          }
          if (turn.uncertain) await redis.hdel(keys.record(id), 'uncertain')
        } catch (error) {
          if (error instanceof GitHubUnavailable) await redis.hset(keys.record(id), 'uncertain', 1)
          if (error instanceof GitHubRefusal && !(await mayComeBack(error, id))) {
            await redis.hset(keys.record(id), 'unreportable', error.message)
          }
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
