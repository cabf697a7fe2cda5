import { z } from 'zod'
import { mergeJobId } from '../../jobs/job.ts'
import { truncate } from '../../text.ts'
import { type Decision, ignoredAction } from '../decision.ts'
import { account, actionOf, readPayload, repository, repositoryOf } from '../payload.ts'

/** GitHub refuses a longer deployment status description; we keep deployments' to the same. */
const descriptionLimit = 140

const closed = z.object({
  repository,
  pull_request: z.object({ merged: z.boolean() }),
})

const merged = z.object({
  repository: repository.extend({ default_branch: z.string() }),
  pull_request: z.object({
    number: z.int(),
    title: z.string(),
    // Null once the author's account is gone.
    user: account.nullable(),
    merge_commit_sha: z.string().nullish(),
    merged_at: z.string().nullish(),
    head: z.object({ sha: z.string() }),
    base: z.object({ ref: z.string() }),
  }),
})

/** A pull request merged into the deployed branch is deployed. */
export function decidePullRequest(payload: unknown, delivery: string): Decision {
  const action = actionOf(payload)
  if (action !== 'closed') return ignoredAction('pull_request', action)
  if (!readPayload(closed, 'pull_request', payload).pull_request.merged) {
    return { outcome: 'ignored', reason: 'The pull request was closed without being merged.' }
  }
  const read = readPayload(merged, 'pull_request', payload)
  const { number, title, user, merge_commit_sha, merged_at, head, base } = read.pull_request
  const branch = read.repository.default_branch
  if (base.ref !== branch) {
    return {
      outcome: 'ignored',
      reason: `The pull request was merged into ${base.ref}; ${branch} is the branch that is deployed.`,
    }
  }
  return {
    outcome: 'jobs',
    jobs: [
      {
        name: 'start-deployment',
        id: mergeJobId(read.repository.id, number),
        data: {
          repository: repositoryOf(read.repository),
          environment: 'production',
          sha: merge_commit_sha ?? head.sha,
          description: truncate(`#${number} ${title}`, descriptionLimit),
          deployUser: user?.login ?? 'ghost',
          pullRequest: number,
          ...(merged_at ? { mergedAt: merged_at } : {}),
          delivery,
        },
      },
    ],
  }
}
