import type { Repository } from '../jobs/job.ts'
import type { GitHub } from './client.ts'

/** A repository as GitHub gives it, with the fields that its webhooks name it by. */
export interface GitHubRepository {
  id: number
  name: string
  full_name: string
  default_branch: string
  /** Shown only to those who may write to it. */
  allow_merge_commit?: boolean
  allow_squash_merge?: boolean
  allow_rebase_merge?: boolean
}

/** The repository of this name. @throws {GitHubRefusal} 404 if there is none, or the token may not see it */
export async function getRepositoryNamed(
  github: GitHub,
  owner: string,
  repo: string,
): Promise<GitHubRepository> {
  const { data } = await github.rest.repos.get({ owner, repo })
  return data
}

/**
 * The repository of this id, whatever it is called by now.
 *
 * @throws {GitHubRefusal} 404 if it is gone, or the token may not see it
 * @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api redirects lead here
 */
export async function getRepository(
  github: GitHub,
  { id, owner, name: repo }: Repository,
): Promise<GitHubRepository> {
  // The address does not say whose token may ask for it.
  const { data } = await github.request('GET /repositories/{id}', { id, request: { about: { owner, repo } } })
  return data
}
