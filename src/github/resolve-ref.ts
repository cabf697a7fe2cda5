import type { Repository } from '../jobs/job.ts'
import { headOf } from './branches.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'
import { getRepository } from './repositories.ts'

/** A commit, and the branch or tag that it was named by. */
export interface ResolvedRef {
  sha: string
  branch?: string
  tag?: string
}

/** What git calls the newest commit of a repository's default branch. */
export const newestOfDefault = 'HEAD'

/**
 * The commit that a branch, a tag, or a sha, be it short, stands for, or HEAD for the default branch; undefined if there is none.
 *
 * @see https://docs.github.com/en/rest/commits/commits#get-a-commit 422 where nothing has that name, 409 in an empty repository
 */
export async function resolveRef(
  github: GitHub,
  repository: Repository,
  ref: string,
): Promise<ResolvedRef | undefined> {
  const { owner, name: repo } = repository
  try {
    if (ref === newestOfDefault) {
      const { default_branch } = await getRepository(github, repository)
      return await resolveRef(github, repository, default_branch)
    }
    const { data } = await github.rest.repos.getCommit({ owner, repo, ref, per_page: 1 })
    const { sha } = data
    if (sha.startsWith(ref.toLowerCase())) return { sha }
    if ((await headOf(github, repository, ref)) === sha) return { sha, branch: ref }
    return (await isTag(github, repository, ref)) ? { sha, tag: ref } : { sha }
  } catch (error) {
    if (error instanceof GitHubRefusal && [404, 409, 422].includes(error.status)) return undefined
    throw error
  }
}

async function isTag(github: GitHub, { owner, name }: Repository, tag: string): Promise<boolean> {
  try {
    const { data } = await github.rest.git.getRef({ owner, repo: name, ref: `tags/${tag}` })
    return data.ref === `refs/tags/${tag}`
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return false
    throw error
  }
}
