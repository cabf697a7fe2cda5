import type { Actor } from '../../src/access/actor.ts'
import type { Role } from '../../src/access/role.ts'
import type { Command, Reply } from '../../src/commands/command.ts'
import type { CommentCommand } from '../../src/commands/comment-grammar.ts'
import type { CommentWord } from '../../src/commands/comment-words.ts'
import type { RepositoryRules } from '../../src/config/rules.ts'
import { RetryLater } from '../../src/errors/errors.ts'
import type { CommandInComment } from '../../src/jobs/job.ts'
import type { Tools } from '../tools.ts'

/** A command in a comment, by whom, and where. */
export interface Asked<Word extends CommentWord = CommentWord> {
  command: Extract<CommentCommand, { word: Word }>
  actor: Actor
  role: Role
  job: CommandInComment
  /** `owner/name`. */
  repository: string
  rules: RepositoryRules
}

/** Does a command by the operations. @throws {RetryLater} if GitHub could not be asked: nothing is done then */
export async function perform(
  { actor }: Pick<Asked, 'actor'>,
  command: Command,
  { commands }: Pick<Tools, 'commands'>,
): Promise<Reply> {
  const reply = await commands.run(actor, command)
  if (reply.later) throw new RetryLater(reply.text)
  return reply
}
