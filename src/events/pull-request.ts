import { z } from 'zod'
import type { Rules } from '../config/rules.ts'
import { isoTimeOf } from '../deployments/payload.ts'
import { mergeJobId } from '../jobs/job-ids.ts'
import { truncate } from '../text.ts'
import { type Decision, ignoredAction, ignoredRepository } from './decision.ts'
import { account, actionOf, deployedBranch, readPayload, repository, repositoryOf } from './payload.ts'
import { decideChecks } from './pull-request/checks.ts'
import { decideMergeWhenGreen } from './pull-request/merge-when-green.ts'

/** GitHub refuses a longer deployment status description; we keep deployments' to the same. */
const descriptionLimit = 140

const closed = z.object({
  repository,
  pull_request: z.object({ merged: z.boolean() }),
})

const merged = z.object({
  repository,
  pull_request: z.object({
    number: z.int(),
    title: z.string(),
    // Null once the author's account is gone.
    user: account.nullable(),
    merge_commit_sha: z.string().nullish(),
    merged_at: z.string().nullish(),
    head: z.object({ sha: z.string() }),
    base: z.object({ ref: z.string(), sha: z.string().optional() }),
  }),
})

/** What a pull request's action asks for: each part says what it wants of it, or why nothing. */
export function decidePullRequest(payload: unknown, delivery: string, rules: Rules): Decision {
  const action = actionOf(payload)
  const parts = [
    action === 'closed' ? decideMerge(payload, delivery, rules) : undefined,
    decideChecks(action, payload, delivery, rules),
    decideMergeWhenGreen(action, payload, delivery, rules),
  ].filter((part) => part !== undefined)
  return together(parts) ?? ignoredAction('pull_request', action)
}

/** All jobs of all parts; if there are none, the reasons. Undefined if no part has anything to say. */
function together(parts: Decision[]): Decision | undefined {
  const jobs = parts.flatMap((part) => (part.outcome === 'jobs' ? part.jobs : []))
  if (jobs.length > 0) return { outcome: 'jobs', jobs }
  const reasons = new Set(parts.flatMap((part) => (part.outcome === 'ignored' ? [part.reason] : [])))
  return reasons.size === 0 ? undefined : { outcome: 'ignored', reason: [...reasons].join(' ') }
}

/** A pull request merged into the deployed branch is deployed to each environment that deploys merges. */
function decideMerge(payload: unknown, delivery: string, rules: Rules): Decision {
  const {
    repository: { full_name: fullName },
    pull_request: { merged: isMerged },
  } = readPayload(closed, 'pull_request', payload)
  const repositoryRules = rules.of(fullName)
  if (!repositoryRules) return ignoredRepository(fullName)
  if (!isMerged) {
    return { outcome: 'ignored', reason: 'The pull request was closed without being merged.' }
  }
  const read = readPayload(merged, 'pull_request', payload)
  const branch = deployedBranch(repositoryRules, 'pull_request', payload)
  const { number, title, user, merge_commit_sha, merged_at, head, base } = read.pull_request
  if (base.ref !== branch) {
    return {
      outcome: 'ignored',
      reason: `The pull request was merged into ${base.ref}; ${branch} is the branch that is deployed.`,
    }
  }
  const environments = repositoryRules.environments.filter(({ on }) => on === 'merge')
  if (environments.length === 0) {
    return { outcome: 'ignored', reason: `No environment of ${fullName} deploys merges.` }
  }
  const changedAt = isoTimeOf(merged_at)
  return {
    outcome: 'jobs',
    jobs: environments.map((environment, index) => ({
      name: 'start-deployment',
      id: mergeJobId(read.repository.id, number, index === 0 ? undefined : environment.name),
      data: {
        repository: repositoryOf(read.repository),
        environment: environment.name,
        sha: merge_commit_sha ?? head.sha,
        description: truncate(`#${number} ${title}`, descriptionLimit),
        deployUser: user?.login ?? 'ghost',
        pullRequest: number,
        branch,
        ...(base.sha === undefined ? {} : { before: base.sha }),
        ...(merged_at ? { mergedAt: merged_at } : {}),
        ...(changedAt === undefined ? {} : { changedAt }),
        delivery,
      },
    })),
  }
}
