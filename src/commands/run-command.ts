import type { Actor } from '../access/actor.ts'
import { isEnough } from '../access/role.ts'
import { environmentRulesOf, repositoryRulesOf } from '../operations/find-place.ts'
import { readRefusal } from '../operations/perform.ts'
import { Refused } from '../operations/refused.ts'
import { act } from './act.ts'
import type { Command, Reply } from './command.ts'
import type { CommandTools } from './command-tools.ts'
import { deploymentLine, environmentLine, laneLine } from './words.ts'

/** Does what somebody asks for, through the same operations as the dashboard and the command line, and says what came of it. */
export type RunCommand = (actor: Actor, command: Command) => Promise<Reply>

const listedUnlessSaid = 10

/** Commands on these tools. What stands in the way of one is its reply; a mistake of ours, or Redis away, is thrown. */
export function createRunCommand(tools: CommandTools): RunCommand {
  return async (actor, command) => {
    try {
      return isQuestion(command) ? await answer(actor, command, tools) : await act(actor, command, tools)
    } catch (error) {
      const refused = readRefusal(error)
      if (refused) {
        return { outcome: 'refused', text: refused.reason, ...(refused.later ? { later: true } : {}) }
      }
      throw error
    }
  }
}

type Question = Extract<Command, { name: 'status' | 'why' | 'deployments' | 'environments' }>

function isQuestion(command: Command): command is Question {
  return ['status', 'why', 'deployments', 'environments'].includes(command.name)
}

/** @throws {Refused} */
async function answer(actor: Actor, question: Question, tools: CommandTools): Promise<Reply> {
  await refuseUnlessViewer(actor, question.repository, tools)
  const rules = await repositoryRulesOf({ ...tools, github: undefined }, question.repository)
  switch (question.name) {
    case 'environments': {
      const lines = rules.environments.map(environmentLine)
      const none = `${question.repository} has no environment in livraison.yml.`
      return done(lines.length === 0 ? none : `${question.repository} is deployed to:`, lines)
    }
    case 'why': {
      const { name } = environmentRulesOf(rules, question.repository, question.environment)
      const { summary, lines } = await tools.explain(question.repository, name)
      return done(summary, lines)
    }
    case 'status':
      return tellStatus(question, tools)
    case 'deployments':
      return tellDeployments(question, tools)
  }
}

/** Without one, nothing has ever come from the repository. */
async function idOf(repository: string, { repositories }: CommandTools): Promise<number> {
  const known = await repositories.named(repository)
  if (known) return known.id
  throw new Refused('unknown', `No delivery has come from ${repository} yet.`)
}

async function tellStatus(
  { repository, environment }: Extract<Question, { name: 'status' }>,
  tools: CommandTools,
): Promise<Reply> {
  const [lanes, nowMs] = await Promise.all([
    tools.overview.lanes({ repositoryId: await idOf(repository, tools) }),
    tools.nowMs(),
  ])
  const isMeant = (name: string) => environment === undefined || same(name, environment)
  const lines = lanes.filter((lane) => isMeant(lane.environment)).map((lane) => laneLine(lane, nowMs))
  if (lines.length > 0) return done(`How ${repository} stands:`, lines)
  throw new Refused('unknown', `${environment ?? 'An environment'} is not one of ${repository}.`)
}

async function tellDeployments(
  { repository, environment, limit = listedUnlessSaid }: Extract<Question, { name: 'deployments' }>,
  tools: CommandTools,
): Promise<Reply> {
  const repositoryId = await idOf(repository, tools)
  const where = environment === undefined ? repository : `${environment} of ${repository}`
  const [records, nowMs] = await Promise.all([
    tools.newest({ repositoryId, environment }, limit),
    tools.nowMs(),
  ])
  if (records.length === 0) return done(`Nothing has been deployed to ${where} yet.`)
  return done(
    `The newest deployments to ${where}:`,
    records.map((record) => deploymentLine(record, nowMs)),
  )
}

async function refuseUnlessViewer(actor: Actor, repository: string, { access }: CommandTools): Promise<void> {
  if (isEnough(await access.roleOf(actor, repository), 'viewer')) return
  throw new Refused('forbidden', `${actor.name} may not see ${repository}.`)
}

function done(text: string, lines: readonly string[] = []): Reply {
  return { outcome: 'done', text, ...(lines.length === 0 ? {} : { lines }) }
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
