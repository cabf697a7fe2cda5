import type { Repository } from '../jobs/job.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'

/** The full sha that a branch is at now; undefined if there is no such branch. */
export async function headOf(
  github: GitHub,
  { owner, name }: Repository,
  branch: string,
): Promise<string | undefined> {
  try {
    const { data } = await github.rest.repos.getBranch({ owner, repo: name, branch })
    return data.commit.sha
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return undefined
    throw error
  }
}
