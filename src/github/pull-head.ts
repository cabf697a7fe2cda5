import type { Repository } from '../jobs/job.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'

/** What a pull request would bring, or has brought. */
export interface PullHead {
  number: number
  state: 'open' | 'merged' | 'closed'
  /** Its head: the commit, and the branch, with its owner's name before it if that is in another repository. */
  sha: string
  ref: string
  /** The branch alone, and the `owner/name` of the repository that it is in; undefined if that is gone. */
  branch: string
  repository: string | undefined
  /** Whether its head lies in another repository. */
  fork: boolean
  base: string
  /** Whether that is the repository's default branch. */
  isBaseDefault: boolean
  /** The commit that it was merged as. */
  mergeSha: string | undefined
  /** When it was merged, in ISO 8601. */
  mergedAt: string | undefined
}

/**
 * A pull request's head as it is now.
 *
 * @throws {GitHubRefusal} 404 if it is gone, or the token may not see it
 */
export async function readPullHead(
  github: GitHub,
  { id, owner, name: repo }: Repository,
  pull_number: number,
): Promise<PullHead> {
  const { data } = await github.rest.pulls.get({ owner, repo, pull_number })
  const { head, base } = data
  // The repository of a fork may be gone.
  const from = head.repo as { id: number; full_name: string } | null
  const fork = from?.id !== id
  return {
    number: pull_number,
    state: data.merged ? 'merged' : data.state === 'open' ? 'open' : 'closed',
    sha: head.sha,
    ref: fork ? (head.label ?? head.ref) : head.ref,
    branch: head.ref,
    repository: from?.full_name,
    fork,
    base: base.ref,
    isBaseDefault: base.ref === base.repo.default_branch,
    mergeSha: data.merged ? (data.merge_commit_sha ?? undefined) : undefined,
    mergedAt: data.merged_at ?? undefined,
  }
}

/**
 * When a branch was last moved to a commit, in milliseconds since 1970 (whole seconds): GitHub's own log of pushes, not the dates
 * in the commit, which whoever made it may have chosen. Undefined if GitHub does not say: it is another repository's log, which the token
 * may not see, or that of a server without one.
 *
 * @see https://docs.github.com/en/rest/repos/repos#list-repository-activities
 */
export async function whenPushed(
  github: GitHub,
  { repository, branch, sha }: Pick<PullHead, 'repository' | 'branch' | 'sha'>,
): Promise<number | undefined> {
  if (repository === undefined) return undefined
  const [owner = '', repo = ''] = repository.split('/')
  try {
    const { data } = await github.rest.repos.listActivities({
      ...{ owner, repo, ref: `refs/heads/${branch}`, per_page: 100 },
    })
    const times = data.filter(({ after }) => after === sha).map(({ timestamp }) => Date.parse(timestamp))
    return times.length === 0 ? undefined : Math.max(...times)
  } catch (error) {
    if (error instanceof GitHubRefusal) return undefined
    throw error
  }
}
