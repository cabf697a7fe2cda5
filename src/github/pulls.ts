import type { MergeMethod } from '../config/rules.ts'
import type { Repository } from '../jobs/job.ts'
import type { Pull } from '../merging/decide-merge.ts'
import type { Review } from '../merging/reviews.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'

/**
 * A pull request as it is now.
 *
 * @throws {GitHubRefusal} 404 if it is gone, or the token may not see it
 */
export async function readPull(
  github: GitHub,
  { owner, name, id }: Repository,
  number: number,
): Promise<Pull> {
  const { data } = await github.rest.pulls.get({ owner, repo: name, pull_number: number })
  return {
    number,
    open: data.state === 'open',
    merged: data.merged,
    mergedBy: data.merged_by?.login,
    draft: data.draft ?? false,
    mergeable: data.mergeable,
    mergeableState: data.mergeable_state,
    sha: data.head.sha,
    base: data.base.ref,
    // The repository of a fork may be gone.
    fork: (data.head.repo as { id: number } | null)?.id !== id,
    labels: data.labels.map((label) => label.name),
    autoMerge: data.auto_merge !== null && data.auto_merge !== undefined,
  }
}

/** All reviews of a pull request, oldest first. */
export async function listReviews(
  github: GitHub,
  { owner, name }: Repository,
  number: number,
): Promise<Review[]> {
  const all = await github.paginate(github.rest.pulls.listReviews, {
    owner,
    repo: name,
    pull_number: number,
    per_page: 100,
  })
  return all.map(({ id, user, state, commit_id }) => ({ id, by: user?.login ?? '', state, sha: commit_id }))
}

/** Whether somebody may write to a repository; not, if GitHub does not know them there. */
export async function mayWrite(
  github: GitHub,
  { owner, name }: Repository,
  username: string,
): Promise<boolean> {
  try {
    const { data } = await github.rest.repos.getCollaboratorPermissionLevel({ owner, repo: name, username })
    return data.permission === 'admin' || data.permission === 'write'
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return false
    throw error
  }
}

export type MergeAnswer =
  | { outcome: 'merged'; sha: string }
  /** `moved`: its head is another. `passing`: it may work in a moment. `refused`: not as things are. */
  | { outcome: 'moved' | 'passing' | 'refused'; message: string }

/** GitHub has no codes for these; the messages are those it has long sent. */
const passing = /Base branch was modified|is not mergeable/i

/**
 * Merges a pull request if its head is still this one.
 *
 * @throws {GitHubUnavailable} and it may be merged all the same: look before anything else
 * @see https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
 */
export async function mergePull(
  github: GitHub,
  { owner, name }: Repository,
  number: number,
  { sha, method }: { sha: string; method: MergeMethod },
): Promise<MergeAnswer> {
  try {
    const { data } = await github.rest.pulls.merge({
      owner,
      repo: name,
      pull_number: number,
      sha,
      merge_method: method,
    })
    return data.merged ? { outcome: 'merged', sha: data.sha } : { outcome: 'passing', message: data.message }
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    return { outcome: outcomeOf(error), message: error.message }
  }
}

function outcomeOf({ status, message }: GitHubRefusal): 'moved' | 'passing' | 'refused' {
  if (status === 409) return 'moved'
  return status === 405 && passing.test(message) ? 'passing' : 'refused'
}
