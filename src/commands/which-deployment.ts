import {
  type Choice,
  newest,
  theNewestBegun,
  theNewestSuccess,
  theUnfinished,
} from '../deployments/choose.ts'
import { Refused } from '../operations/refused.ts'
import type { CommandTools } from './command-tools.ts'

/** Where a command says that its deployment is. */
export interface Which {
  repository: string
  deployment?: number
  environment?: string
}

/** What a command is about if it names an environment only. */
const choiceOf = {
  approve: theUnfinished,
  reject: theUnfinished,
  cancel: theUnfinished,
  override: theUnfinished,
  retry: newest,
  rollback: theNewestBegun,
  promote: theNewestSuccess,
} satisfies Record<string, Choice>

const lookedAt = 50

/** The number of the deployment that a command is about. @throws {Refused} if it cannot be told which that is */
export async function whichDeployment(
  { rules, repositories, newest }: CommandTools,
  name: keyof typeof choiceOf,
  { repository, deployment, environment }: Which,
): Promise<number> {
  if (deployment !== undefined) return deployment
  const where = environment ?? onlyEnvironment(rules.current.of(repository)?.environments ?? [], repository)
  const known = await repositories.named(repository)
  const records = known ? await newest({ repositoryId: known.id, environment: where }, lookedAt) : []
  const chosen = choiceOf[name](records, `${where} of ${repository}`)
  if (!('none' in chosen)) return chosen.id
  throw new Refused(chosen.none.askMore ? 'invalid' : 'conflict', chosen.none.why)
}

/** The one environment of a repository. @throws {Refused} with those that there are */
export function onlyEnvironment(environments: readonly { name: string }[], repository: string): string {
  const [first, second] = environments
  if (first !== undefined && second === undefined) return first.name
  const there = environments.map(({ name }) => name).join(', ')
  const which = there === '' ? `${repository} has none in livraison.yml` : `${repository} has ${there}`
  throw new Refused('invalid', `Name an environment: ${which}.`)
}
