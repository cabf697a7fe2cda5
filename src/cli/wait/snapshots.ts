import { isOver } from '../../deployments/choose.ts'
import type { Asked, DeploymentDetail, RequestAnswer } from '../answers.ts'
import { type Client, pathOf } from '../client.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { pause } from '../pause.ts'
import { patienceMs } from '../read-events.ts'
import { deploymentPath } from '../which.ts'

const everyMs = 1000

/** Asks again and again, with a second between; a server that does not answer is asked on for two minutes. */
async function* askAgain<T>(ask: () => Promise<T>, signal: AbortSignal): AsyncGenerator<T> {
  for (let heardAt = Date.now(); ; await pause(everyMs, signal)) {
    signal.throwIfAborted()
    try {
      const answer = await ask()
      heardAt = Date.now()
      yield answer
    } catch (error) {
      signal.throwIfAborted()
      const isAway = error instanceof Stop && error.status === exitStatus.unreachable
      if (!isAway || Date.now() - heardAt > patienceMs) throw error
    }
  }
}

/**
 * How a deployment stands, until it is over. Undefined as long as Livraison does not know it: GitHub's webhook is on its way.
 * @throws the signal's reason when that is aborted
 */
export async function* snapshotsOf(
  client: Client,
  deployment: { repository: string; id: number },
  signal: AbortSignal,
): AsyncGenerator<DeploymentDetail | undefined> {
  let isKnown = false
  const ask = async () => {
    try {
      const detail = await client.ask<DeploymentDetail>(deploymentPath(deployment), { signal })
      isKnown = true
      return detail
    } catch (error) {
      if (!isKnown && error instanceof Stop && error.status === exitStatus.askedWrongly) return undefined
      throw error
    }
  }
  for await (const detail of askAgain(ask, signal)) {
    yield detail
    if (detail !== undefined && isOver(detail.state)) return
  }
}

/**
 * The number of the deployment that was asked for, once GitHub has it. `tell` hears what is waited for.
 * @throws {Stop} with the reason why none is made
 */
export async function madeDeployment(
  client: Client,
  asked: Asked,
  signal: AbortSignal,
  tell: (what: string) => void,
): Promise<number> {
  if (asked.deployment !== null) return asked.deployment
  tell(asked.text)
  const ask = () => client.ask<RequestAnswer>(`/requests${pathOf(asked.request)}`, { signal })
  for await (const { deployment, refused, waitsFor } of askAgain(ask, signal)) {
    if (deployment) return deployment
    if (refused) throw new Stop(exitStatus.refused, refused)
    if (waitsFor) tell(waitsFor)
  }
  throw new Error('asking again ended by itself')
}
