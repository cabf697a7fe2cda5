import type { Repositories } from '../deliveries/repositories.ts'
import { fullName, type Repository } from '../jobs/job.ts'

/**
 * The `owner/name` that a repository has now, if a path means it: by that name, or by the one it had when this was written
 * down, so that old links go on working.
 */
export async function nameIfMeant(
  repositories: Repositories,
  repository: Repository,
  { owner, repo }: { owner: string; repo: string },
): Promise<string | undefined> {
  const then = fullName(repository)
  const name = (await repositories.nameOf(repository.id)) ?? then
  const wanted = `${owner}/${repo}`.toLowerCase()
  return wanted === name.toLowerCase() || wanted === then.toLowerCase() ? name : undefined
}
