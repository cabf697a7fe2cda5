import type { Reply } from '../../commands/command.ts'
import type { RunCommand } from '../../commands/run-command.ts'
import { onlyEnvironment } from '../../commands/which-deployment.ts'
import { findEnvironment } from '../../config/find-environment.ts'
import type { Records } from '../../deployments/record.ts'
import { fullName } from '../../jobs/job.ts'
import { readRefusal } from '../../operations/perform.ts'
import { Refused } from '../../operations/refused.ts'
import { whoIs } from '../who-is.ts'
import { type AppSources, type FoundApp, findApp } from './find-app.ts'
import type { HubotCommand, HubotRequest } from './request.ts'
import { inOneEnvironment, toCommand } from './to-command.ts'

export interface HubotTools extends AppSources {
  runCommand: RunCommand
  records: Pick<Records, 'read'>
}

/** Does what somebody asks for through Hubot. What stands in the way is the reply; a mistake of ours, or Redis away, is thrown. */
export async function doRequest(request: HubotRequest, tools: HubotTools): Promise<Reply> {
  const login = loginOf(request, tools)
  if (login === undefined) return { outcome: 'refused', text: unknownPerson(request) }
  try {
    const app = await placeOf(request.command, tools)
    const environment = environmentOf(request.command, app, tools)
    const command = { ...request.command, ...(environment === undefined ? {} : { environment }) }
    const actor = { kind: 'person', name: login, face: 'hubot' } as const
    const reply = await tools.runCommand(actor, toCommand({ ...request, command }, app))
    return withNote(reply, request.command, app)
  } catch (error) {
    const refused = readRefusal(error)
    if (refused) return { outcome: 'refused', text: refused.reason }
    throw error
  }
}

/** As Slack and Discord write ids. Whoever has it as a name may have taken it to pass for somebody else. */
const idLike = /^((?=.*\d)[uw][0-9a-z]{7,}|\d+)$/i

function loginOf({ user }: HubotRequest, { rules }: HubotTools): string | undefined {
  const names = idLike.test(user.name) ? [user.id] : [user.id, user.name]
  return whoIs({ chat: 'hubot', names, email: user.email }, rules.current.people)
}

function unknownPerson({ user }: HubotRequest): string {
  const who = user.name === user.id ? user.id : `${user.name} (${user.id})`
  const line = `- { github: LOGIN, hubot: ${JSON.stringify(user.id)} }`
  return `I do not know who ${who} is at GitHub: have somebody put ${line} under people in livraison.yml.`
}

/** A deployment's number alone says of which repository it is. */
async function placeOf(command: HubotCommand, tools: HubotTools): Promise<FoundApp> {
  if (command.deployment === undefined || command.app !== undefined) return findApp(tools, command)
  const record = await tools.records.read(command.deployment)
  if (record) return { repository: fullName(record.repository) }
  throw new Refused('unknown', `Livraison knows no deployment #${command.deployment}.`)
}

/** @throws {Refused} if one is needed, and it cannot be told which */
function environmentOf(
  { name, environment }: HubotCommand,
  { repository }: FoundApp,
  { rules }: HubotTools,
): string | undefined {
  const found = rules.current.of(repository)
  if (environment !== undefined) return (found && findEnvironment(found, environment)?.name) ?? environment
  if (!inOneEnvironment.includes(name) || !found) return undefined
  return onlyEnvironment(found.environments, repository)
}

/** hubot-deploy takes a branch there, and does not look at it either. */
function withNote(reply: Reply, { name }: HubotCommand, { ref }: FoundApp): Reply {
  if (name !== 'deployments' || ref === undefined) return reply
  return { ...reply, lines: [...(reply.lines ?? []), 'These are of all branches.'] }
}
