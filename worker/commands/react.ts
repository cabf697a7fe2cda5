import { type Reaction, react, takeBack } from '../../src/github/comments.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import type { CommandInComment } from '../../src/jobs/job.ts'
import type { Tools } from '../tools.ts'
import type { Remembered } from './memory.ts'

/** Shows that a command was seen; false if its comment is gone. A token that may not react does not keep us from doing it. */
export async function showSeen(job: CommandInComment, tools: Tools): Promise<boolean> {
  const { github, commands, log } = tools
  try {
    const seen = await react(github, job.repository, job.comment.id, 'eyes')
    if (seen === undefined) return false
    await commands.memory.note(job.comment.id, { seen })
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    log.warn({ comment: job.comment.id, reason: error.message }, 'the token may not react to comments')
  }
  return true
}

/** Shows how it went, in place of that it was seen. */
export async function showEnd({ asked, seen, reacted }: Remembered, reaction: Reaction, tools: Tools) {
  const { github, commands, log } = tools
  const { repository, comment } = asked
  if (reacted === reaction) return
  try {
    await react(github, repository, comment.id, reaction)
    if (seen !== undefined) await takeBack(github, repository, comment.id, seen)
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    log.debug({ comment: comment.id, reason: error.message }, 'a reaction was refused')
  }
  await commands.memory.note(comment.id, { reacted: reaction })
}
