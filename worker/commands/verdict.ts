import { isOver } from '../../src/deployments/choose.ts'
import type { DeploymentRecord } from '../../src/deployments/deployment-record.ts'
import { readPullHead } from '../../src/github/pull-head.ts'
import type { Tools } from '../tools.ts'
import { type Asked, perform } from './asked.ts'
import { type CommandResult, resultOf } from './result.ts'

const lookedAt = 100

/** Agrees to a deployment, or ends it: the one of this pull request that waits, unless another is named by its number. */
export async function giveVerdict(asked: Asked<'approve' | 'reject'>, tools: Tools): Promise<CommandResult> {
  const { command, repository, job } = asked
  const chosen = await choose(asked, tools)
  if ('result' in chosen) return chosen.result
  // After a crash, what waited may do so no more.
  const deployment = await tools.commands.memory.noteFirst(job.comment.id, 'target', chosen.deployment)
  const { word: name, reason } = command
  const why = reason === undefined ? {} : { reason }
  return resultOf(await perform(asked, { name, repository, deployment, ...why }, tools))
}

async function choose(
  { command, job }: Asked<'approve' | 'reject'>,
  tools: Tools,
): Promise<{ deployment: number } | { result: CommandResult }> {
  const noted = (await tools.commands.memory.read(job.comment.id))?.target
  const deployment = command.deployment ?? noted
  if (deployment !== undefined) return { deployment }
  const { id } = job.repository
  const records = await tools.commands.newest({ repositoryId: id }, lookedAt)
  const waiting = records.filter(waits).filter(isIn(command.environment))
  const ofPull = waiting.length === 0 ? [] : await ofThisPull(waiting, job.pullRequest, job.repository, tools)
  const [first, second] = ofPull
  if (first !== undefined && second === undefined) return { deployment: first.id }
  const where = command.environment === undefined ? '' : ` to ${command.environment}`
  if (first !== undefined) {
    const ways = ofPull.map(({ id, environment }) => `/${command.word} #${id} (${environment})`)
    return { result: { kind: 'unclear', text: `Name the deployment: ${ways.join(' or ')}` } }
  }
  const others = waiting.map(({ id, environment }) => `#${id} (${environment})`).join(', ')
  const other = others === '' ? '' : ` Of others there waits ${others}: name it by its number.`
  const text = `No deployment of #${job.pullRequest}${where} waits.${other}`
  return { result: { kind: 'refused', text } }
}

/** What was deployed by a push does not say which pull request it is of; its commit does. */
async function ofThisPull(
  records: DeploymentRecord[],
  pullRequest: number,
  repository: Asked['job']['repository'],
  { github }: Tools,
): Promise<DeploymentRecord[]> {
  if (records.every((each) => each.pullRequest !== undefined)) {
    return records.filter((each) => each.pullRequest === pullRequest)
  }
  const { sha, mergeSha } = await readPullHead(github, repository, pullRequest)
  return records.filter((each) =>
    each.pullRequest === undefined
      ? each.sha === sha || each.sha === mergeSha
      : each.pullRequest === pullRequest,
  )
}

function waits({ state }: DeploymentRecord): boolean {
  return !isOver(state) && state !== 'in_progress'
}

function isIn(named: string | undefined) {
  return ({ environment }: DeploymentRecord) =>
    named === undefined || environment.toLowerCase() === named.toLowerCase()
}
