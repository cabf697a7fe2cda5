/** What is done with a run whose worker was lost: half a deployment may or may not be safe to repeat. */
export type LossPolicy = 'rerun' | 'fail'

/** A deployment that takes its worker down each time is tried no more often than this. */
const mostTries = 3

/**
 * What to do with a deployment that is about to be begun for the `tries`th time: run it, or end it with the
 * reason. Pure.
 */
export function afterLoss(policy: LossPolicy, tries: number): { run: true } | { run: false; reason: string } {
  if (tries === 1) return { run: true }
  if (policy === 'fail') return { run: false, reason: 'The worker running it was lost.' }
  if (tries > mostTries) {
    return { run: false, reason: `The worker running it was lost ${tries - 1} times: it is not tried again.` }
  }
  return { run: true }
}
