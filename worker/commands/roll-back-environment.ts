import { theNewestBegun } from '../../src/deployments/choose.ts'
import type { Tools } from '../tools.ts'
import { type Asked, perform } from './asked.ts'
import { chooseEnvironment } from './choose-environment.ts'
import type { CommandResult } from './result.ts'

const lookedAt = 50

/** Rolls an environment back: from the deployment that was there when this was first tried. */
export async function rollBackEnvironment(asked: Asked<'rollback'>, tools: Tools): Promise<CommandResult> {
  const { command, repository, rules, job } = asked
  const chosen = chooseEnvironment(rules, command.environment, '/rollback')
  if ('ask' in chosen) return { kind: 'unclear', text: chosen.ask }
  const { environment } = chosen
  const known = await tools.commands.newest({ repositoryId: job.repository.id, environment }, lookedAt)
  const found = theNewestBegun(known, `${environment} of ${repository}`)
  if ('none' in found) return { kind: 'refused', text: found.none.why }
  // After a crash the newest may be the rollback.
  const target = await tools.commands.memory.noteFirst(job.comment.id, 'target', found.id)
  const { reason } = command
  const why = reason === undefined ? {} : { reason }
  const reply = await perform(asked, { name: 'rollback', repository, deployment: target, ...why }, tools)
  if (reply.outcome === 'refused') return { kind: 'refused', text: reply.text }
  const { request, deployment } = reply
  return {
    ...{ kind: 'deployment', environment, what: `what was there before #${target}` },
    ...(request === undefined ? {} : { request }),
    ...(deployment === undefined ? {} : { deployment }),
  }
}
