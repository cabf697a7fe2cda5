import type { Repository } from '../jobs/job.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'

/** What people may see at a comment. */
export type Reaction = 'eyes' | '+1' | '-1' | 'confused'

/** @returns its id. @throws {GitHubUnavailable} and it may be there all the same: look before another is made */
export async function createComment(
  github: GitHub,
  { owner, name: repo }: Repository,
  pullRequest: number,
  body: string,
): Promise<number> {
  const { data } = await github.rest.issues.createComment({ owner, repo, issue_number: pullRequest, body })
  return data.id
}

/** Changes a comment; gives whether it is still there. */
export async function editComment(
  github: GitHub,
  { owner, name: repo }: Repository,
  comment_id: number,
  body: string,
): Promise<boolean> {
  return unlessGone(github.rest.issues.updateComment({ owner, repo, comment_id, body }))
}

/** The oldest comment on a pull request, among those since a moment (ISO 8601), that holds a text; undefined if none does. */
export async function findComment(
  github: GitHub,
  { owner, name: repo }: Repository,
  pullRequest: number,
  since: string,
  text: string,
): Promise<number | undefined> {
  const all = await github.paginate(github.rest.issues.listComments, {
    ...{ owner, repo, issue_number: pullRequest, since, per_page: 100 },
  })
  const ids = all.filter(({ body }) => body?.includes(text)).map(({ id }) => id)
  return ids.length === 0 ? undefined : Math.min(...ids)
}

/** Reacts to a comment, once however often; gives the reaction's id, or undefined if the comment is gone. */
export async function react(
  github: GitHub,
  { owner, name: repo }: Repository,
  comment_id: number,
  content: Reaction,
): Promise<number | undefined> {
  try {
    const { data } = await github.rest.reactions.createForIssueComment({ owner, repo, comment_id, content })
    return data.id
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return undefined
    throw error
  }
}

/** Takes a reaction back, if it is there. */
export async function takeBack(
  github: GitHub,
  { owner, name: repo }: Repository,
  comment_id: number,
  reaction_id: number,
): Promise<void> {
  await unlessGone(github.rest.reactions.deleteForIssueComment({ owner, repo, comment_id, reaction_id }))
}

async function unlessGone(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer
    return true
  } catch (error) {
    if (error instanceof GitHubRefusal && (error.status === 404 || error.status === 410)) return false
    throw error
  }
}
