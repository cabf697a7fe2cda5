import type { Command } from '../../commands/command.ts'
import { Refused } from '../../operations/refused.ts'
import type { FoundApp } from './find-app.ts'
import type { HubotRequest } from './request.ts'

/** What a request asks for, of a repository. Pure. @throws {Refused} if it says too little */
export function toCommand(request: HubotRequest, { repository, ref }: FoundApp): Command {
  const { name, environment, deployment, reason } = request.command
  const why = reason === undefined ? {} : { reason }
  const where = { repository, ...(environment === undefined ? {} : { environment }) }
  switch (name) {
    case 'deploy':
      return toDeploy(request, repository, ref)
    case 'lock':
      return { name, repository, environment: needed(environment), reason: reason ?? inRoom(request) }
    case 'unlock':
    case 'why':
      return { name, repository, environment: needed(environment) }
    case 'status':
    case 'deployments':
      return { name, ...where }
    case 'environments':
      return { name, repository }
    default:
      return { name, ...where, ...why, ...(deployment === undefined ? {} : { deployment }) }
  }
}

/** Of these, the environment is always one. */
export const inOneEnvironment: readonly string[] = ['deploy', 'lock', 'unlock', 'why']

function toDeploy(request: HubotRequest, repository: string, ref: string | undefined): Command {
  const { environment, force, reason, task } = request.command
  return {
    name: 'deploy',
    repository,
    environment: needed(environment),
    ...(ref === undefined ? {} : { ref }),
    ...(force === true ? { force } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(task === undefined || task === 'deploy' ? {} : { task }),
    payload: payloadOf(request),
    // Whoever asks once more, since the answer was lost, gets the same deployment.
    key: `hubot-${request.id}`,
  }
}

/** In hubot-deploy's shape: whatever reads a deployment that it made reads ours. */
function payloadOf({ robot, adapter, room, user, messageId, threadId, command }: HubotRequest) {
  return {
    name: command.app ?? command.repository,
    robotName: robot,
    hosts: command.hosts ?? '',
    notify: {
      ...{ adapter, room, user: user.id, user_name: user.name },
      ...(messageId === undefined ? {} : { message_id: messageId }),
      ...(threadId === undefined ? {} : { thread_id: threadId }),
    },
    config: command.config ?? {},
  }
}

function inRoom({ room }: HubotRequest): string {
  return room === '' ? 'Asked for in chat' : `Asked for in the room ${room}`
}

function needed(environment: string | undefined): string {
  if (environment !== undefined) return environment
  throw new Refused('invalid', 'Name an environment.')
}
