import { randomUUID } from 'node:crypto'
import { createComment, editComment, findComment } from '../../src/github/comments.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { renewNow } from '../exclusively.ts'
import type { Lease } from '../lease.ts'
import type { Tools } from '../tools.ts'
import type { Remembered } from './memory.ts'

/**
 * Has our one comment on a command say this. Before it is written, a mark that nobody else knows is noted: whoever goes on after a crash,
 * or after an answer that was lost, finds by that whether it is there already, and takes no comment of anybody else's for it.
 */
export async function say(known: Remembered, text: string, tools: Tools, lease: Lease): Promise<void> {
  try {
    await write(known, text, tools, lease)
  } catch (error) {
    // What was asked for is done all the same, and its reaction says so.
    if (!(error instanceof GitHubRefusal)) throw error
    const { comment, pullRequest } = known.asked
    const advice = 'May the token in GITHUB_TOKEN, or the GitHub App, write to pull requests?'
    tools.log.warn(
      { comment: comment.id, pullRequest, reason: error.message },
      `no answer is written. ${advice}`,
    )
  }
}

async function write(known: Remembered, text: string, tools: Tools, lease: Lease): Promise<void> {
  const { github, commands } = tools
  const { comment, repository, pullRequest } = known.asked
  if (known.said === text || known.answer === 0) return
  const isFirstTry = known.mark === undefined
  const mark = known.mark ?? (await commands.memory.noteFirst(comment.id, 'mark', randomUUID()))
  const line = `<!-- livraison ${mark} -->`
  const body = `${line}\n${text}`
  const there = isFirstTry
    ? undefined
    : (known.answer ?? (await findComment(github, repository, pullRequest, comment.createdAt, line)))
  await renewNow(lease)
  if (there === undefined) {
    const answer = await createComment(github, repository, pullRequest, body)
    return commands.memory.note(comment.id, { answer, said: text })
  }
  const isThere = await editComment(github, repository, there, body)
  // Who deleted it wants no other.
  await commands.memory.note(comment.id, { answer: isThere ? there : 0, said: text })
}
