import { z } from 'zod'
import type { CheckRules, Rules } from '../../config/rules.ts'
import { cancelChecksJobId, checkJobId } from '../../jobs/check-job-ids.ts'
import type { CheckedPull, JobRequest } from '../../jobs/job.ts'
import { truncate } from '../../text.ts'
import { type Decision, ignoredRepository } from '../decision.ts'
import { account, readPayload, repository, repositoryOf } from '../payload.ts'

const ofRepository = z.object({ repository })

const opened = z.object({
  repository,
  pull_request: z.object({
    number: z.int(),
    updated_at: z.iso.datetime({ offset: true }),
    // Null once the author's account is gone.
    user: account.nullable(),
    head: z.object({
      sha: z.string(),
      ref: z.string(),
      // Null once the fork is gone.
      repo: z.object({ id: z.int() }).nullable(),
    }),
    base: z.object({ ref: z.string() }),
  }),
})

const pushed = z.object({ before: z.string(), after: z.string() })

const closed = z.object({
  repository,
  pull_request: z.object({ number: z.int(), updated_at: z.iso.datetime({ offset: true }) }),
})

type Opened = z.output<typeof opened>

/**
 * What a pull request's action asks of the repository's checks: that they run on its new head, and that those end
 * whose outcome nobody waits for any more. Undefined if the action has nothing to do with them.
 */
export function decideChecks(
  action: string | undefined,
  payload: unknown,
  delivery: string,
  rules: Rules,
): Decision | undefined {
  switch (action) {
    case 'opened':
    case 'reopened':
    case 'synchronize':
      return decideHead(action, payload, delivery, rules)
    case 'closed':
      return decideClosed(payload, delivery, rules)
  }
  return undefined
}

function decideHead(
  action: 'opened' | 'reopened' | 'synchronize',
  payload: unknown,
  delivery: string,
  rules: Rules,
): Decision {
  const { full_name: fullName } = readPayload(ofRepository, 'pull_request', payload).repository
  const repositoryRules = rules.of(fullName)
  if (!repositoryRules) return ignoredRepository(fullName)
  if (repositoryRules.checks.length === 0) {
    return { outcome: 'ignored', reason: `No checks are configured for ${fullName}.` }
  }
  const event = readPayload(opened, 'pull_request', payload)
  const pullRequest = pullOf(event)
  const checks = repositoryRules.checks.filter(({ forks }) => forks || !pullRequest.fork)
  if (checks.length === 0) {
    const reason = `The pull request is from a fork, and no check of ${fullName} may run on those (forks: true would let it).`
    return { outcome: 'ignored', reason }
  }
  const at = Date.parse(event.pull_request.updated_at)
  const jobs = checks.map((check) => checkRequest(event, pullRequest, check, action, at, delivery))
  if (action !== 'synchronize') return { outcome: 'jobs', jobs }
  const push = readPayload(pushed, 'pull_request', payload)
  return { outcome: 'jobs', jobs: [cancelRequest(event, delivery, push), ...jobs] }
}

/** A pull request that was closed, merged or not: its checks are not waited for any more. */
function decideClosed(payload: unknown, delivery: string, rules: Rules): Decision | undefined {
  const { full_name: fullName } = readPayload(ofRepository, 'pull_request', payload).repository
  if (!rules.of(fullName)?.checks.length) return undefined
  const event = readPayload(closed, 'pull_request', payload)
  return { outcome: 'jobs', jobs: [cancelRequest(event, delivery)] }
}

function pullOf({ repository, pull_request }: Opened): CheckedPull {
  const { number, head, base, user } = pull_request
  return {
    number,
    sha: head.sha,
    ref: truncate(head.ref, refLimit),
    base: truncate(base.ref, refLimit),
    fork: head.repo?.id !== repository.id,
    author: user?.login ?? 'ghost',
  }
}

/** Longer than git lets a branch's name be. */
const refLimit = 1024

function checkRequest(
  { repository }: Opened,
  pullRequest: CheckedPull,
  { context }: CheckRules,
  action: string,
  at: number,
  delivery: string,
): JobRequest {
  const { number, sha } = pullRequest
  return {
    name: 'check',
    id: checkJobId(repository.id, number, sha, context, action === 'opened' ? undefined : at),
    data: { repository: repositoryOf(repository), pullRequest, context, at, delivery },
  }
}

function cancelRequest(
  { repository, pull_request }: z.output<typeof closed>,
  delivery: string,
  push?: z.output<typeof pushed>,
): JobRequest {
  const { number, updated_at } = pull_request
  const at = Date.parse(updated_at)
  return {
    name: 'cancel-checks',
    id: cancelChecksJobId(repository.id, number, at, push?.after),
    data: {
      repository: repositoryOf(repository),
      pullRequest: number,
      ...(push ? { pushed: push } : {}),
      at,
      delivery,
    },
  }
}
