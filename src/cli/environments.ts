import type { OverviewAnswer, ShownLane } from './answers.ts'
import type { Client } from './client.ts'
import { exitStatus, Stop } from './exit-status.ts'

/** How things stand in the environments of a repository, or everywhere. */
export async function lanesOf(
  client: Client,
  repository?: string,
  signal?: AbortSignal,
): Promise<ShownLane[]> {
  const asking = { query: { repository }, ...(signal === undefined ? {} : { signal }) }
  return (await client.ask<OverviewAnswer>('/overview', asking)).environments
}

/** The environment that is named, else the repository's only one. @throws {Stop} that lists them if there are several */
export async function chooseEnvironment(
  client: Client,
  repository: string,
  named: string | undefined,
): Promise<string> {
  if (named !== undefined) return named
  const names = (await lanesOf(client, repository)).map(({ environment }) => environment)
  const [only, another] = names
  if (only !== undefined && another === undefined) return only
  throw new Stop(
    exitStatus.askedWrongly,
    only === undefined
      ? `Name the environment: Livraison knows none of ${repository} yet.`
      : `Name the environment: ${repository} has ${names.join(', ')}.`,
  )
}
