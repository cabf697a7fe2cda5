import type { Repository } from '../jobs/job.ts'
import type { ChangedCommit } from '../overview/overview.ts'
import { truncate } from '../text.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'

/** What a commit or branch has that another has not: how many commits, and the newest of them, newest first. */
export interface ComparedCommits {
  ahead: number
  behind: number
  commits: ChangedCommit[]
  /** GitHub's mark on this answer. */
  etag?: string
}

export type Compared =
  | { outcome: 'compared'; compared: ComparedCommits }
  /** As it was when GitHub gave the etag. */
  | { outcome: 'unchanged' }
  /** GitHub has one of the two no more, or the token may not see it. */
  | { outcome: 'unknown'; reason: string }

const titleLimit = 200

/**
 * Compares two commits or branches. Not by pages: then GitHub gives 250 commits, and the newest is the last of them.
 *
 * @param etag of the last answer: one that is the same does not count against the rate limit
 * @throws {GitHubUnavailable} if GitHub cannot be asked now
 * @see https://docs.github.com/en/rest/commits/commits#compare-two-commits
 * @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
export async function compareCommits(
  github: GitHub,
  { owner, name }: Repository,
  base: string,
  head: string,
  etag?: string,
): Promise<Compared> {
  try {
    const { data, headers } = await github.rest.repos.compareCommitsWithBasehead({
      owner,
      repo: name,
      basehead: `${base}...${head}`,
      ...(etag === undefined ? {} : { headers: { 'if-none-match': etag } }),
    })
    const commits = data.commits.toReversed().map(({ sha, commit, author }) => ({
      sha,
      title: truncate(commit.message.split('\n')[0] ?? '', titleLimit),
      author: truncate(author?.login ?? commit.author?.name ?? 'ghost', titleLimit),
      ...(author?.login ? { login: author.login } : {}),
    }))
    const counts = { ahead: data.ahead_by, behind: data.behind_by }
    return {
      outcome: 'compared',
      compared: { ...counts, commits, ...(headers.etag === undefined ? {} : { etag: headers.etag }) },
    }
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    if (error.status === 304) return { outcome: 'unchanged' }
    return { outcome: 'unknown', reason: error.message }
  }
}
