import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment, DeploymentStatus } from '../../sandbox/state.ts'
import { isFinal } from '../../src/deployments/record.ts'
import type { Installation } from './installation.ts'
import type { Story } from './story.ts'

const lookEveryMs = 50

/**
 * Tells the story until the repository's first deployment is over, and gives that deployment's final status.
 * Throws, with how far it came, if it is not over within `limitMs`.
 */
export async function followDeployment(
  { sandbox, broken }: Installation,
  repository: string,
  story: Story,
  limitMs: number,
): Promise<{ deployment: Deployment; final: DeploymentStatus }> {
  const limit = AbortSignal.timeout(limitMs)
  while (!limit.aborted) {
    // Found before the news are told, so that all of it has been told when we are done.
    const deployment = sandbox.deployments(repository)[0]
    const final = deployment?.statuses.find(({ state }) => isFinal(state))
    await story.tellNews()
    if (deployment && final) return { deployment, final }
    await Promise.race([sleep(lookEveryMs), broken])
  }
  const reached = sandbox.deployments(repository)[0]?.statuses.at(-1)?.state
  const how = reached ? `the deployment is still ${reached}` : 'no deployment was reported'
  throw new Error(`${how} after ${limitMs / 1000} s`)
}

/** Tells whatever else happens until `stopped`. */
export async function followOn(
  { broken }: Installation,
  story: Story,
  stopped: Promise<unknown>,
): Promise<void> {
  let isOver = false
  stopped.then(() => {
    isOver = true
  })
  while (!isOver) {
    await story.tellNews()
    await Promise.race([sleep(lookEveryMs), broken, stopped])
  }
}
