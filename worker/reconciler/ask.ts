import { messageOf } from '../../src/errors/errors.ts'
import type { Budget } from '../../src/github/budget.ts'

/** Makes one call to GitHub within the means of a pass. */
export type Ask = <T>(call: () => Promise<T>) => Promise<T>

/** A pass ends before it is through; the next goes on from there. */
export class PassEnds extends Error {
  override name = 'PassEnds'
}

/**
 * Lets calls through one after another until `mostCalls` were made, little of the rate limit is left, or the
 * signal is aborted.
 *
 * @throws {PassEnds} from the call that is one too many
 */
export function createAsk(budget: Budget, mostCalls: number, signal: AbortSignal): Ask {
  let calls = 0
  const aborted = new Promise<never>((_resolve, reject) => {
    const stop = () => reject(new PassEnds(messageOf(signal.reason)))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  aborted.catch(() => {})
  return async (call) => {
    if (signal.aborted) throw new PassEnds(messageOf(signal.reason))
    if (calls >= mostCalls) throw new PassEnds(`A pass makes at most ${mostCalls} calls to GitHub.`)
    if (await budget.isLow()) throw new PassEnds("Less than a tenth of GitHub's rate limit is left.")
    calls++
    return Promise.race([call(), aborted])
  }
}
