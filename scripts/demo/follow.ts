import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment, DeploymentStatus } from '../../sandbox/state.ts'
import { isFinal } from '../../src/deployments/record.ts'
import type { Installation } from './installation.ts'
import { shop } from './shop.ts'
import type { Story } from './story.ts'

const lookEveryMs = 50

/**
 * Tells the story until `found` gives something, and gives that. Throws, with what was waited for and how far it came, if
 * that takes longer than `limitMs`.
 */
export async function followUntil<T>(
  { sandbox, broken }: Installation,
  story: Story,
  found: () => T | undefined,
  what: string,
  limitMs: number,
): Promise<T> {
  const limit = AbortSignal.timeout(limitMs)
  while (!limit.aborted) {
    // Looked for before the news are told, so that all of it has been told when we are done.
    const is = found()
    await story.tellNews()
    if (is !== undefined) return is
    await Promise.race([sleep(lookEveryMs), broken])
  }
  const reached = sandbox.deployments(shop).map(({ environment, statuses }) => {
    return `${environment} is ${statuses.at(-1)?.state ?? 'not reported'}`
  })
  const how = reached.length === 0 ? 'no deployment was made' : reached.join(', ')
  throw new Error(`${what} was waited for in vain, for ${limitMs / 1000} s: ${how}`)
}

/** The deployment to an environment and its final status, once it is over. */
export function overDeployment(
  { sandbox }: Installation,
  environment: string,
): { deployment: Deployment; final: DeploymentStatus } | undefined {
  const deployment = sandbox.deployments(shop).find((each) => each.environment === environment)
  const final = deployment?.statuses.find(({ state }) => isFinal(state))
  return deployment && final && { deployment, final }
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
