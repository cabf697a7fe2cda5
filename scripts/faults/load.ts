import { setTimeout as sleep } from 'node:timers/promises'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { type Random, seededRandom } from './random.ts'
import { environments } from './rules.ts'

const environmentNames = Object.keys(environments)

/** Keeps merging pull requests and creating deployments until it is told to stop; rejects if GitHub cannot. */
export async function keepBusy(
  sandbox: Sandbox,
  repositories: string[],
  seed: number,
  stop: AbortSignal,
): Promise<void> {
  const random = seededRandom(seed + 1)
  const acts: Promise<unknown>[] = []
  while (!stop.aborted) {
    acts.push(actOnce(sandbox, random.pick(repositories), random))
    await sleep(random.between(200, 900), undefined, { signal: stop }).catch(() => {})
  }
  await Promise.all(acts)
}

/** A merge, a deployment, or several of one environment on top of each other. */
async function actOnce(sandbox: Sandbox, repository: string, random: Random): Promise<void> {
  const share = random.between(0, 1)
  if (share < 0.4) {
    const { number } = await sandbox.openPullRequest(repository, { title: 'Mend the cart' })
    await sandbox.mergePullRequest(repository, number)
    return
  }
  const environment = random.pick(environmentNames)
  const count = share < 0.55 ? 3 : 1
  for (let made = 0; made < count; made++) {
    const request = { ref: 'main', environment, auto_merge: false, required_contexts: [] }
    await sandbox.createDeployment(repository, {
      ...request,
      production_environment: environment === 'production',
    })
  }
}
