// The executor of the latency part: says in its description when its work was done, by the clock all processes share.
import { setTimeout as sleep } from 'node:timers/promises'

export default () =>
  /** @param {{ deployment: { environment: string }, signal: AbortSignal }} run */
  async ({ deployment, signal }) => {
    // The lanes that are busy all the while.
    if (deployment.environment.startsWith('long-')) await sleep(3_600_000, undefined, { signal })
    return { state: 'success', description: `ended ${Number(process.hrtime.bigint()) / 1e6}` }
  }
