import { link, plain } from '../../src/commands/github-markdown.ts'
import type { DeploymentRecord } from '../../src/deployments/deployment-record.ts'
import type { Keys } from '../../src/deployments/keys.ts'
import type { Records } from '../../src/deployments/record.ts'
import { noteSent } from '../../src/deployments/record-scripts.ts'
import { messageOf, RetryLater } from '../../src/errors/errors.ts'
import type { GitHub } from '../../src/github/client.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { reviewRun } from '../../src/github/workflow-runs.ts'
import { fullName, type ProcessDeployment, type ReviewDeployment } from '../../src/jobs/job.ts'
import type { Logger } from '../../src/log/log.ts'
import { type Report, reportOf } from '../../src/protection/report.ts'
import type { Redis } from '../../src/redis/redis.ts'
import { truncate } from '../../src/text.ts'
import { type Exclusively, renewNow } from '../exclusively.ts'
import type { Lease } from '../lease.ts'

/** Tells GitHub of deployments that GitHub Actions runs: why each waits, and what is decided. */
export interface Reports {
  /**
   * Tells what our record has and GitHub does not know.
   *
   * @throws {Error} a RetryLater if GitHub cannot take it now, an AskAgain if another process is at it
   */
  deliver(job: ProcessDeployment): Promise<void>
  /** Rejects one that is not written down. */
  reject(job: ReviewDeployment, words: string): Promise<void>
}

export interface ReportsOptions {
  redis: Redis
  keys: Keys
  records: Records
  github: GitHub
  exclusively: Exclusively
  publicUrl: string
  /** Tells people what it waits for; `index` counts a deployment's statuses. */
  tell(job: ProcessDeployment, description: string, index: number): Promise<void>
  log: Logger
}

/** GitHub may ask us a moment before it takes an answer. */
const earlyMs = 120_000
const earlyRetryMs = 3000

/** Far below GitHub's 1024, whatever signs have to be escaped. */
const wordsLimit = 300

/** Opens the reports. */
export function openReports(options: ReportsOptions): Reports {
  const { redis, keys, records, github, exclusively, publicUrl, tell, log } = options

  const post = (job: ProcessDeployment, { words, ...report }: Report, isKnown: boolean) => {
    const { repository, deployment } = job
    const page = `${publicUrl}/deployments/${fullName(repository)}/${deployment.id}`
    const comment = `${plain(truncate(words, wordsLimit))}${isKnown ? ` ${link('More', page)}` : ''}`
    const runId = deployment.workflowRun ?? 0
    return reviewRun(github, repository, runId, deployment.environment, { ...report, words: comment })
  }

  const decide = async (job: ProcessDeployment, report: Report, record: DeploymentRecord) => {
    // Whoever dies now leaves word that GitHub may have it.
    await redis.hset(keys.record(record.id), 'uncertain', 1)
    try {
      await post(job, report, true)
    } catch (error) {
      if (!(error instanceof GitHubRefusal)) throw error
      // The answer to an earlier try was lost: it has been taken.
      if (isNotWaiting(error) && record.uncertain) return
      await redis.hdel(keys.record(record.id), 'uncertain')
      if (!isNotWaiting(error)) throw error
      if ((await records.nowMs()) - record.acceptedAt > earlyMs) throw error
      throw new RetryLater(error.message, { retryAfterMs: earlyRetryMs, cause: error })
    }
  }

  /** A reason is for people to read: that GitHub takes no more of them stops nothing. */
  const explain = async (job: ProcessDeployment, report: Report) => {
    try {
      await post(job, report, true)
    } catch (error) {
      if (!(error instanceof GitHubRefusal)) throw error
      const about = { deployment: job.deployment.id, reason: error.message }
      log.warn(about, 'GitHub is not told why a deployment waits')
    }
  }

  /** That people cannot be told stops no decision. */
  const tellPeople = (job: ProcessDeployment, description: string, index: number) =>
    tell(job, description, index).catch((error: unknown) => {
      const about = { deployment: job.deployment.id, reason: messageOf(error) }
      log.warn(about, 'people are not told what a deployment waits for')
    })

  const sendAll = async (job: ProcessDeployment, record: DeploymentRecord, lease: Lease) => {
    const { id } = job.deployment
    const statuses = await records.statuses(id)
    for (const [index, status] of statuses.entries()) {
      if (status.sent) continue
      const report = reportOf(statuses, index)
      if (report) {
        await renewNow(lease)
        await (report.state === undefined ? explain(job, report) : decide(job, report, record))
      }
      await noteSent(redis, [keys.record(id)], [index + 1])
      if (report && report.state === undefined) await tellPeople(job, status.description, index)
    }
  }

  return {
    async deliver(job) {
      const { id } = job.deployment
      const record = await records.read(id)
      if (record === undefined || record.unreportable !== undefined) return
      await exclusively(keys.writer(id), async (lease) => {
        try {
          await sendAll(job, record, lease)
          await redis.hdel(keys.record(id), 'uncertain')
        } catch (error) {
          if (error instanceof GitHubRefusal) await redis.hset(keys.record(id), 'unreportable', error.message)
          throw error
        }
      })
    },

    async reject(job, words) {
      await post(job, { state: 'rejected', words }, false).catch((error: unknown) => {
        if (!(error instanceof GitHubRefusal)) throw error
        log.warn({ run: job.deployment.workflowRun, reason: messageOf(error) }, 'GitHub takes no decision')
      })
    },
  }
}

/** GitHub says so where nothing waits for us: not yet, or not any more. */
function isNotWaiting({ status }: GitHubRefusal): boolean {
  return status === 404 || status === 422
}
