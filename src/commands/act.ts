import type { Actor } from '../access/actor.ts'
import { newestOfDefault } from '../github/resolve-ref.ts'
import type { Answer } from '../operations/answer.ts'
import { repositoryRulesOf } from '../operations/find-place.ts'
import type { Asked, Operations } from '../operations/operations.ts'
import type { Command, DeployCommand, Reply } from './command.ts'
import type { CommandTools } from './command-tools.ts'
import { whichDeployment } from './which-deployment.ts'

/** What changes something. */
export type Act = Exclude<Command, { name: 'status' | 'why' | 'deployments' | 'environments' }>

/** Does it, by the operation of its name. @throws {Refused} if it cannot be told which deployment is meant */
export async function act(actor: Actor, command: Act, tools: CommandTools): Promise<Reply> {
  const { operations } = tools
  switch (command.name) {
    case 'deploy':
      return deploy(actor, command, tools)
    case 'lock': {
      const { repository, environment, reason, expiresInMs } = command
      return replyOf(await operations.lock(actor, { repository, environment, reason, expiresInMs }))
    }
    case 'unlock': {
      const { repository, environment } = command
      return replyOf(await operations.unlock(actor, { repository, environment }))
    }
    default: {
      const deployment = await whichDeployment(tools, command.name, command)
      return replyOf(await onDeployment(actor, command, deployment, operations), deployment)
    }
  }
}

async function deploy(actor: Actor, command: DeployCommand, tools: CommandTools): Promise<Reply> {
  const { name: _name, ref, ...wish } = command
  const sources = { ...tools, github: undefined }
  const branch = ref ?? (await repositoryRulesOf(sources, wish.repository)).branch ?? newestOfDefault
  return replyOf(await tools.operations.deploy(actor, { ...wish, ref: branch }))
}

type OnDeployment = Exclude<Act, { name: 'deploy' | 'lock' | 'unlock' }>

function onDeployment(
  actor: Actor,
  command: OnDeployment,
  deployment: number,
  operations: Operations,
): Promise<Answer<Partial<Asked>>> {
  const { repository } = command
  const wish = { deployment, repository, ...('reason' in command ? { reason: command.reason } : {}) }
  switch (command.name) {
    case 'promote':
      return operations.promote(actor, { ...wish, environment: command.to })
    case 'rollback':
      return operations.rollBack(actor, wish)
    default:
      return operations[command.name](actor, wish)
  }
}

/** What is said of an operation. `about`: the deployment that it was on, unless it made another. */
function replyOf(answer: Answer<Partial<Asked>>, about?: number): Reply {
  if (answer.outcome === 'refused') {
    return { outcome: 'refused', text: answer.reason, ...(answer.later ? { later: true } : {}) }
  }
  const { text, request, deployment = request === undefined ? about : undefined } = answer
  return {
    outcome: 'done',
    text,
    ...(deployment === undefined ? {} : { deployment }),
    ...(request === undefined ? {} : { request }),
  }
}
