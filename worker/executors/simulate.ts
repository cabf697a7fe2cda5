import { setTimeout as sleep } from 'node:timers/promises'
import type { Executor } from './executor.ts'

const steps = ['Preparing', 'Deploying', 'Checking']

/** Works for `workMs` and does nothing: to try everything around a deployment out. */
export function simulate(workMs: number): Executor {
  return async ({ repository, deployment, signal, log }) => {
    const what = `${repository.owner}/${repository.name} at ${deployment.sha.slice(0, 7)}`
    for (const step of steps) {
      log(`${step} ${what} (simulated)`)
      await sleep(workMs / steps.length, undefined, { signal })
    }
    const seconds = Math.round(workMs / 100) / 10
    return {
      state: 'success',
      description: `Deployed ${deployment.sha.slice(0, 7)} to ${deployment.environment} in ${seconds} s (simulated).`,
    }
  }
}
