import { randomUUID } from 'node:crypto'
import { RetryLater } from '../errors.ts'
import type { GitHub } from '../github/client.ts'
import { createStatus, type DeploymentState, type GitHubStatus, listStatuses } from '../github/deployments.ts'
import { GitHubRefusal, GitHubUnavailable } from '../github/failure.ts'
import type { ProcessDeployment } from '../jobs/job.ts'
import type { Redis } from '../redis.ts'
import type { Keys } from './keys.ts'
import { isFinal, type RecordedStatus, type Records } from './record.ts'
import { adopt, holdWriter, releaseWriter } from './scripts.ts'

/** Brings a deployment's statuses to GitHub: in order, each once, by one writer at a time. */
export interface Outbox {
  /** Compares what GitHub has with what was sent, and takes over what Redis had forgotten. */
  compare(job: ProcessDeployment): Promise<void>
  /**
   * Sends what is not sent yet. After a write whose answer was lost, it compares before it writes again.
   *
   * @throws {RetryLater} if GitHub cannot take it now, or another process is at it
   */
  deliver(job: ProcessDeployment): Promise<void>
}

/** A writer that was not heard of for this long is gone; each write of a status takes less. */
const writerMs = 60_000

/** Opens the outbox. `logUrl` gives the address of a deployment's log. */
export function openOutbox(
  redis: Redis,
  keys: Keys,
  records: Records,
  github: GitHub,
  logUrl: (job: ProcessDeployment) => string,
): Outbox {
  const post = (job: ProcessDeployment, { state, description }: RecordedStatus) =>
    createStatus(github, job.repository, job.deployment.id, { state, description, logUrl: logUrl(job) })

  const sendAll = async (job: ProcessDeployment, token: string) => {
    const { id } = job.deployment
    const statuses = await records.statuses(id)
    for (const [index, status] of statuses.entries()) {
      if (status.sent) continue
      if ((await holdWriter(redis, [keys.writer(id)], [token, writerMs])) !== 1) {
        throw new RetryLater('Another worker writes the statuses of this deployment.', { retryAfterMs: 1000 })
      }
      await post(job, status)
      await redis.hset(keys.record(id), 'sent', index + 1)
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
      const token = randomUUID()
      try {
        if (record?.uncertain) await compare(job)
        await sendAll(job, token)
        if (record?.uncertain) await redis.hdel(keys.record(id), 'uncertain')
      } catch (error) {
        if (error instanceof GitHubUnavailable) await redis.hset(keys.record(id), 'uncertain', 1)
        if (error instanceof GitHubRefusal) await redis.hset(keys.record(id), 'unreportable', error.message)
        throw error
      } finally {
        await releaseWriter(redis, [keys.writer(id)], [token])
      }
    },
  }
}

/**
 * How many of our statuses GitHub has, and the state and description to take over when GitHub is further on
 * than we are ('' if it is not). Pure. `theirs` is newest first, as GitHub lists them.
 */
export function compareStatuses(
  ours: RecordedStatus[],
  theirs: GitHubStatus[],
): { sent: number; state: DeploymentState | ''; description: string } {
  const oldestFirst = theirs.toReversed()
  let from = 0
  let sent = 0
  for (const [index, status] of ours.entries()) {
    const found = oldestFirst.findIndex(
      ({ state, description }, at) =>
        at >= from && state === status.state && description === status.description,
    )
    if (found === -1) continue
    from = found + 1
    sent = index + 1
  }
  const latest = theirs[0]
  const known = ours.some(({ state }) => state === latest?.state)
  const further = latest !== undefined && !known && (isFinal(latest.state) || latest.state === 'in_progress')
  return {
    sent,
    state: further ? (latest.state as DeploymentState) : '',
    description: further ? latest.description : '',
  }
}
