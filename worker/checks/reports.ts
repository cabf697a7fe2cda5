import type { Checks } from '../../src/checks/checks.ts'
import type { CheckKeys } from '../../src/checks/keys.ts'
import { type CheckRecord, isCheckOver } from '../../src/checks/record.ts'
import type { GitHub } from '../../src/github/client.ts'
import {
  createCommitStatus,
  findCommitStatus,
  type GivenCommitStatus,
  type NewCommitStatus,
} from '../../src/github/commit-statuses.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { fullName } from '../../src/jobs/job.ts'
import { type Exclusively, renewNow } from '../exclusively.ts'
import type { Lease } from '../lease.ts'

/** Brings GitHub's status of a check up to its record: each change once, by one writer at a time. */
export interface CheckReports {
  /**
   * Sends how a check stands, unless GitHub has that. What GitHub has is asked before the first write, and before one is
   * repeated whose answer was lost; an outcome that it has and we had forgotten is taken over.
   *
   * @throws {Error} a RetryLater if GitHub cannot take it now, an AskAgain if another process is at it
   */
  deliver(id: string): Promise<void>
}

export interface CheckReportsOptions {
  checks: Checks
  keys: CheckKeys
  github: GitHub
  exclusively: Exclusively
  /** Where people reach the receiver, without a slash at the end. */
  publicUrl: string
}

/** Opens the reports. */
export function openCheckReports({ checks, keys, github, ...options }: CheckReportsOptions): CheckReports {
  const { exclusively, publicUrl } = options

  const compare = async (record: CheckRecord) => {
    const { repository, sha, context } = record
    const theirs = await findCommitStatus(
      github,
      repository,
      sha,
      (status) => status.context.toLowerCase() === context.toLowerCase() && isOf(record.id, status),
    )
    if (theirs && isForgotten(record, theirs))
      await checks.settle(record.id, theirs.state, theirs.description)
    await checks.reported(record.id, theirs === undefined ? '' : wordsOf(theirs))
  }

  const send = async (record: CheckRecord, lease: Lease) => {
    await checks.reporting(record.id)
    await renewNow(lease)
    const status = statusOf(record, publicUrl)
    await createCommitStatus(github, record.repository, record.sha, status)
    // Who was too slow may have written after another: then it counts as uncertain, and is compared.
    await renewNow(lease)
    await checks.reported(record.id, wordsOf(status))
  }

  const bringUp = async (id: string, lease: Lease) => {
    for (;;) {
      const record = await checks.read(id)
      if (record === undefined || record.unreportable !== undefined || isReported(record)) return
      const isKnown = record.reported !== undefined && !record.reporting
      try {
        await (isKnown ? send(record, lease) : compare(record))
      } catch (error) {
        if (error instanceof GitHubRefusal) await checks.unreportable(id, error.message)
        throw error
      }
    }
  }

  return {
    async deliver(id) {
      const before = await checks.read(id)
      if (before === undefined) return
      if (before.unreportable === undefined && !isReported(before)) {
        await exclusively(keys.writer(id), (lease) => bringUp(id, lease))
      }
      const after = await checks.read(id)
      if (after && (after.unreportable !== undefined || isReported(after))) await checks.close(id)
    },
  }
}

/** The status that a check has by its record. A run that waits and one that goes on are the same to GitHub. */
export function statusOf(record: CheckRecord, publicUrl: string): NewCommitStatus {
  const { repository, id, context, state, description = '', waitsFor } = record
  const targetUrl = `${publicUrl}/api/checks/${fullName(repository)}/${id}/log`
  const waiting = state === 'pending' ? waitsFor : undefined
  return isCheckOver(state)
    ? { context, state, description, targetUrl }
    : { context, state: 'pending', description: waiting ?? 'Livraison has this check.', targetUrl }
}

function wordsOf({ state, description }: Pick<GivenCommitStatus, 'state' | 'description'>): string {
  return `${state} ${description}`
}

/** Whether GitHub has what the record says, for certain. */
function isReported(record: CheckRecord): boolean {
  return !record.reporting && record.reported === wordsOf(statusOf(record, ''))
}

/** Whether a status is one that we wrote of this check, wherever people reached us then. */
function isOf(id: string, { targetUrl }: GivenCommitStatus): boolean {
  return targetUrl.endsWith(`/${id}/log`) && targetUrl.includes('/api/checks/')
}

/** Whether GitHub has the outcome of a check that our record believes to be new; one that was cancelled has none. */
function isForgotten(
  { run, begun, state, reported }: CheckRecord,
  theirs: GivenCommitStatus,
): theirs is GivenCommitStatus & { state: 'success' | 'failure' | 'error' } {
  const isNew = run === 1 && begun === 0 && state === 'pending' && reported === undefined
  const isOutcome = theirs.state === 'success' || theirs.state === 'failure' || theirs.state === 'error'
  return isNew && isOutcome && !theirs.description.startsWith(cancelledBegins)
}

const cancelledBegins = 'Cancelled: '

/** What is said of a check that nobody waits for any more. */
export const cancelledWords = {
  pushed: `${cancelledBegins}a newer commit was pushed.`,
  closed: `${cancelledBegins}the pull request was closed.`,
  destroyed: `${cancelledBegins}the merge queue dropped this commit.`,
}
