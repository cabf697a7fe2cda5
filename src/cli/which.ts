import type { DeploymentPage, ShownDeployment } from './answers.ts'
import { type Client, repositoryPath } from './client.ts'
import { exitStatus, Stop } from './exit-status.ts'
import { type PlaceOptions, splitOf, type Words } from './place.ts'

/** Finds, among an environment's deployments (newest first), the one that a command is about. @throws {Stop} */
export type Choose = (deployments: ShownDeployment[], where: string) => ShownDeployment

/** The path of a deployment in the API. */
export function deploymentPath(deployment: { repository: string; id: number }, ...rest: string[]): string {
  return [repositoryPath('/deployments', deployment.repository), deployment.id, ...rest].join('/')
}

/** The deployment that words name: by its number, or as the one of a repository's environment that is meant. @throws {Stop} */
export async function whichDeployment(
  client: Client,
  words: Words,
  options: PlaceOptions,
  choose: Choose,
): Promise<ShownDeployment> {
  const number = words.length > 0 && words[1] === undefined ? numberOf(words[0]) : undefined
  if (number !== undefined) return byNumber(client, number)
  const { repository, rest } = await splitOf(client, words, options)
  const [environment] = rest
  if (environment === undefined) {
    throw new Stop(
      exitStatus.askedWrongly,
      `Name a deployment by its number, or an environment of ${repository}.`,
    )
  }
  const query = { repository, environment, limit: 50 }
  const { deployments } = await client.ask<DeploymentPage>('/deployments', { query })
  return choose(deployments, `${environment} of ${repository}`)
}

/** The number in `123` or `#123`. Pure. */
export function numberOf(word: string | undefined): number | undefined {
  const digits = /^#?([1-9]\d{0,15})$/.exec(word ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** A number alone does not say whose deployment it is: the list, from just above it, does. */
async function byNumber(client: Client, number: number): Promise<ShownDeployment> {
  const query = { before: number + 1, limit: 1 }
  const { deployments } = await client.ask<DeploymentPage>('/deployments', { query })
  const [found] = deployments
  if (found?.id === number) return found
  throw new Stop(exitStatus.askedWrongly, `Livraison knows no deployment #${number}.`)
}

/** The newest. */
export const newest: Choose = ([first], where) => {
  if (first !== undefined) return first
  throw nothing(`Nothing has been deployed to ${where} yet.`)
}

/** The only one that is not over. */
export const theUnfinished: Choose = (deployments, where) => {
  const open = deployments.filter(({ state }) => !isOver(state))
  const [first, second] = open
  if (first === undefined) throw nothing(`No deployment to ${where} waits or runs.`)
  if (second === undefined) return first
  const list = open.map(({ id, state }) => `#${id} (${state})`).join(', ')
  throw new Stop(exitStatus.askedWrongly, `Name the deployment by its number: to ${where} there are ${list}.`)
}

/** The newest that was begun: what is there now, or failed to be. */
export const theNewestBegun: Choose = (deployments, where) => {
  const begun = deployments.find(({ state, startedAt }) => isOver(state) && startedAt !== null)
  if (begun !== undefined) return begun
  throw nothing(`Nothing has been deployed to ${where} yet.`)
}

/** The newest that succeeded. */
export const theNewestSuccess: Choose = (deployments, where) => {
  const success = deployments.find(({ state }) => state === 'success')
  if (success !== undefined) return success
  throw nothing(`Nothing has succeeded in ${where} lately.`)
}

/** Whether nothing more happens to a deployment in this state. Pure. */
export function isOver(state: string): boolean {
  return ['success', 'failure', 'error', 'inactive'].includes(state)
}

function nothing(message: string): Stop {
  return new Stop(exitStatus.refused, message)
}
