import type { Repository } from '../jobs/job.ts'
import type { GitHub } from './client.ts'

/** A commit status to be written; GitHub keeps a thousand of a context and commit. The description has at most 140 code points. */
export interface NewCommitStatus {
  context: string
  state: 'pending' | 'success' | 'failure' | 'error'
  description: string
  targetUrl: string
}

/** A commit status as GitHub has it. */
export interface GivenCommitStatus {
  context: string
  state: string
  description: string
  targetUrl: string
}

/** GitHub keeps no more of one context; whoever asks is content with the newest. */
const mostPages = 10

/** The newest status of a commit that fits; undefined if there is none. */
export async function findCommitStatus(
  github: GitHub,
  { owner, name }: Repository,
  sha: string,
  fits: (status: GivenCommitStatus) => boolean,
): Promise<GivenCommitStatus | undefined> {
  for (let page = 1; page <= mostPages; page++) {
    const { data } = await github.rest.repos.listCommitStatusesForRef({
      owner,
      repo: name,
      ref: sha,
      per_page: 100,
      page,
    })
    const found = data
      .map(({ context, state, description, target_url }) => ({
        context,
        state,
        description: description ?? '',
        targetUrl: target_url ?? '',
      }))
      .find(fits)
    if (found !== undefined || data.length < 100) return found
  }
  return undefined
}

/** Writes a commit status; the newest of a context counts. */
export async function createCommitStatus(
  github: GitHub,
  { owner, name }: Repository,
  sha: string,
  { context, state, description, targetUrl }: NewCommitStatus,
): Promise<void> {
  await github.rest.repos.createCommitStatus({
    owner,
    repo: name,
    sha,
    context,
    state,
    description,
    target_url: targetUrl,
  })
}
