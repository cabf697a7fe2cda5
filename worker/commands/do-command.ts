import type { Actor } from '../../src/access/actor.ts'
import { readCommand } from '../../src/commands/comment-grammar.ts'
import { type CommandInComment, fullName } from '../../src/jobs/job.ts'
import type { Tools } from '../tools.ts'
import { answerQuestion } from './answer-question.ts'
import { type Asked, perform } from './asked.ts'
import { chooseEnvironment } from './choose-environment.ts'
import { deployPull } from './deploy-pull.ts'
import { helpFor } from './help.ts'
import { mergePull } from './merge-pull.ts'
import { type CommandResult, resultOf } from './result.ts'
import { rollBackEnvironment } from './roll-back-environment.ts'
import { giveVerdict } from './verdict.ts'

/**
 * Does what a comment asks for, if whoever wrote it may have that done now.
 *
 * @throws {RetryLater} if GitHub cannot be asked; nothing is done then
 */
export async function doCommand(job: CommandInComment, tools: Tools): Promise<CommandResult> {
  const repository = fullName(job.repository)
  const { by, line } = job.comment
  const rules = tools.rules.current.of(repository)
  if (!rules) return { kind: 'refused', text: `${repository} is not in livraison.yml any more.` }
  const actor: Actor = { kind: 'person', name: by, face: 'comment' }
  const role = await tools.commands.access.roleOf(actor, repository)
  if (role === undefined) return { kind: 'refused', text: `${by} may do nothing in ${repository}.` }
  const command = readCommand(
    line,
    rules.environments.map(({ name }) => name),
  )
  if ('problem' in command) return { kind: 'unclear', text: command.problem }
  return doAsked({ command, actor, role, job, repository, rules }, tools)
}

async function doAsked(asked: Asked, tools: Tools): Promise<CommandResult> {
  const { command } = asked
  switch (command.word) {
    case 'help':
      return helpFor(asked)
    case 'status':
    case 'why':
      return answerQuestion({ ...asked, command }, tools)
    case 'deploy':
      return deployPull({ ...asked, command }, tools)
    case 'merge':
      return mergePull({ ...asked, command }, tools)
    case 'rollback':
      return rollBackEnvironment({ ...asked, command }, tools)
    case 'approve':
    case 'reject':
      return giveVerdict({ ...asked, command }, tools)
    case 'lock':
    case 'unlock':
      return lockOrUnlock({ ...asked, command }, tools)
  }
}

async function lockOrUnlock(asked: Asked<'lock' | 'unlock'>, tools: Tools): Promise<CommandResult> {
  const { command, repository, rules, job } = asked
  const chosen = chooseEnvironment(rules, command.environment, `/${command.word}`)
  if ('ask' in chosen) return { kind: 'unclear', text: chosen.ask }
  const place = { repository, environment: chosen.environment }
  if (command.word === 'unlock') {
    return resultOf(await perform(asked, { name: 'unlock', ...place }, tools))
  }
  const { reason = `pull request #${job.pullRequest}`, expiresInMs } = command
  const time = expiresInMs === undefined ? {} : { expiresInMs }
  return resultOf(await perform(asked, { name: 'lock', ...place, reason, ...time }, tools))
}
