import type { DeploymentPage, ShownDeployment, ShownLane } from '../answers.ts'
import { connect } from '../client.ts'
import { lanesOf } from '../environments.ts'

/** What the server knows that may be typed; empty where it does not say in time. */
export interface Candidates {
  lanes: Pick<ShownLane, 'repository' | 'environment'>[]
  deployments: Pick<ShownDeployment, 'id' | 'repository' | 'environment' | 'state'>[]
}

/** Whoever presses Tab does not wait longer. */
const limitMs = 800

/** Asks the server, for a short while. */
export async function readCandidates(): Promise<Candidates> {
  try {
    const client = await connect()
    const signal = AbortSignal.timeout(limitMs)
    const [lanes, page] = await Promise.all([
      lanesOf(client, undefined, signal).catch(() => []),
      client.ask<DeploymentPage>('/deployments', { query: { limit: 20 }, signal }).catch(() => undefined),
    ])
    return { lanes, deployments: page?.deployments ?? [] }
  } catch {
    // Not signed in, or the settings are unusable: commands and options are completed all the same.
    return { lanes: [], deployments: [] }
  }
}

/** Something that may be typed, with a word about it. */
export type Choice = [value: string, description: string]

/** The repositories that are known. Pure. */
export function repositoriesOf({ lanes }: Candidates): Choice[] {
  return [...new Set(lanes.map(({ repository }) => repository))].map((name) => [name, 'repository'])
}

/** The environments of the repository that has been typed, or of all. Pure. */
export function environmentsOf({ lanes }: Candidates, words: readonly string[]): Choice[] {
  const typed = lanes.filter(({ repository }) => words.includes(repository))
  const of = typed.length > 0 ? typed : lanes
  return [...new Set(of.map(({ environment }) => environment))].map((name) => [name, 'environment'])
}

/** The numbers of the newest deployments. Pure. */
export function numbersOf({ deployments }: Candidates): Choice[] {
  return deployments.map(({ id, repository, environment, state }) => [
    String(id),
    `${repository} to ${environment}: ${state}`,
  ])
}
