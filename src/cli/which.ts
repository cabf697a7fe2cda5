import type { Choice } from '../deployments/choose.ts'
import type { DeploymentPage, ShownDeployment } from './answers.ts'
import { type Client, repositoryPath } from './client.ts'
import { exitStatus, Stop } from './exit-status.ts'
import { type PlaceOptions, splitOf, type Words } from './place.ts'

/** The path of a deployment in the API. */
export function deploymentPath(deployment: { repository: string; id: number }, ...rest: string[]): string {
  return [repositoryPath('/deployments', deployment.repository), deployment.id, ...rest].join('/')
}

/** The deployment that words name: by its number, or as the one of a repository's environment that is meant. @throws {Stop} */
export async function whichDeployment(
  client: Client,
  words: Words,
  options: PlaceOptions,
  choose: Choice,
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
  const chosen = choose(deployments, `${environment} of ${repository}`)
  if (!('none' in chosen)) return chosen
  throw new Stop(chosen.none.askMore ? exitStatus.askedWrongly : exitStatus.refused, chosen.none.why)
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
