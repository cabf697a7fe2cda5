import { z } from 'zod'
import type { CheckRules, Rules } from '../config/rules.ts'
import { cancelChecksJobId, checkJobId } from '../jobs/check-job-ids.ts'
import type { JobRequest } from '../jobs/job.ts'
import { truncate } from '../text.ts'
import { type Decision, ignoredAction, ignoredRepository } from './decision.ts'
import { account, actionOf, readPayload, repository, repositoryOf } from './payload.ts'

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group */
const grouped = z.object({
  repository,
  sender: account.nullish(),
  reason: z.string().nullish(),
  merge_group: z.object({
    head_sha: z.string().regex(/^[0-9a-f]{40,64}$/),
    head_ref: z.string(),
    base_ref: z.string(),
    head_commit: z.object({ timestamp: z.string().nullish() }).nullish(),
  }),
})

type Grouped = z.output<typeof grouped>

/** Longer than git lets a branch's name be. */
const refLimit = 1024

/** A commit that a merge queue made gets the repository's checks, as the head of a pull request does, until it is dropped. */
export function decideMergeGroup(payload: unknown, delivery: string, rules: Rules): Decision {
  const action = actionOf(payload)
  if (action !== 'checks_requested' && action !== 'destroyed') return ignoredAction('merge_group', action)
  const event = readPayload(grouped, 'merge_group', payload)
  const { full_name: fullName } = event.repository
  const repositoryRules = rules.of(fullName)
  if (!repositoryRules) return ignoredRepository(fullName)
  const { checks } = repositoryRules
  if (checks.length === 0) {
    return { outcome: 'ignored', reason: `No checks are configured for ${fullName}.` }
  }
  // Its commit is the branch's by now: what still runs tells of that.
  if (action === 'destroyed' && event.reason === 'merged') {
    return { outcome: 'ignored', reason: 'The merge group was merged: its checks go on.' }
  }
  const jobs =
    action === 'destroyed'
      ? [cancelRequest(event, delivery)]
      : checks.map((check) => checkRequest(event, check, delivery))
  return { outcome: 'jobs', jobs }
}

/** Whoever put it into the queue may write to the repository: whether it came from a fork does not matter any more. */
function checkRequest(event: Grouped, { context }: CheckRules, delivery: string): JobRequest {
  const { head_sha: sha, head_ref, base_ref } = event.merge_group
  const number = numberOf(event)
  return {
    name: 'check',
    id: checkJobId(event.repository.id, number, sha, context),
    data: {
      repository: repositoryOf(event.repository),
      pullRequest: {
        ...{ number, sha, mergeGroup: true, fork: false },
        ref: branchOf(head_ref),
        base: branchOf(base_ref),
        author: event.sender?.login ?? 'ghost',
      },
      context,
      at: timeOf(event),
      delivery,
    },
  }
}

function cancelRequest(event: Grouped, delivery: string): JobRequest {
  const { head_sha: sha } = event.merge_group
  // Later than what it ends, in whichever order the two events come.
  const at = timeOf(event) + 1
  const number = numberOf(event)
  return {
    name: 'cancel-checks',
    id: cancelChecksJobId(event.repository.id, number, at, sha),
    data: {
      repository: repositoryOf(event.repository),
      pullRequest: number,
      mergeGroup: sha,
      at,
      delivery,
    },
  }
}

/** GitHub calls the branch of a group after the last pull request in it: gh-readonly-queue/main/pr-12-SHA. */
function numberOf({ merge_group }: Grouped): number {
  const [, digits] = /\/pr-(\d{1,15})-[0-9a-f]+$/.exec(merge_group.head_ref) ?? []
  return Number(digits ?? 0)
}

function branchOf(ref: string): string {
  return truncate(ref.replace(/^refs\/heads\//, ''), refLimit)
}

/** When its commit was made, in milliseconds since 1970. */
function timeOf({ merge_group }: Grouped): number {
  return Math.max(1, Date.parse(merge_group.head_commit?.timestamp ?? '') || 0)
}
