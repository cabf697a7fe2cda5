import { laneCells } from '../../src/commands/words.ts'
import type { Tools } from '../tools.ts'
import { type Asked, perform } from './asked.ts'
import { chooseEnvironment } from './choose-environment.ts'
import { type CommandResult, resultOf } from './result.ts'

/** How things stand, or why something is not deployed. */
export async function answerQuestion(asked: Asked<'status' | 'why'>, tools: Tools): Promise<CommandResult> {
  return asked.command.word === 'status' ? tellStatus(asked, tools) : tellWhy(asked, tools)
}

async function tellStatus(asked: Asked<'status' | 'why'>, tools: Tools): Promise<CommandResult> {
  const { command, repository, job } = asked
  const { environment } = command
  const where = environment === undefined ? {} : { environment }
  const result = resultOf(await perform(asked, { name: 'status', repository, ...where }, tools))
  if (result.kind !== 'told') return result
  const [lanes, nowMs] = await Promise.all([
    tools.commands.overview.lanes({ repositoryId: job.repository.id }),
    tools.records.nowMs(),
  ])
  const rows = lanes
    .filter(
      (lane) => environment === undefined || lane.environment.toLowerCase() === environment.toLowerCase(),
    )
    .map((lane) => laneCells(lane, nowMs))
    .map(({ environment: name, has, more }) => [name, has, more.join('; ')])
  return { kind: 'told', text: result.text, table: { head: ['Environment', 'Has', 'And'], rows } }
}

/** Without an environment, of each: in a line. */
async function tellWhy(asked: Asked<'status' | 'why'>, tools: Tools): Promise<CommandResult> {
  const { command, repository, rules } = asked
  const chosen = chooseEnvironment(rules, command.environment, '/why')
  if ('environment' in chosen) {
    return resultOf(await perform(asked, { name: 'why', repository, environment: chosen.environment }, tools))
  }
  if (rules.environments.length === 0) return { kind: 'unclear', text: chosen.ask }
  const lines: string[] = []
  for (const { name: environment } of rules.environments) {
    const reply = await perform(asked, { name: 'why', repository, environment }, tools)
    if (reply.outcome === 'refused') return resultOf(reply)
    lines.push(`${environment}: ${reply.text}`)
  }
  return { kind: 'told', text: `What goes on in ${repository}:`, lines }
}
