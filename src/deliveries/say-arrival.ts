import type { Logger } from '../log/log.ts'
import type { Arrival } from './arrival.ts'

/** Says what became of a signed delivery. */
export type SayArrival = (arrival: Arrival) => void

/**
 * Says in one line of the log what became of each signed delivery, by its GUID. What is not signed has no line: anyone could fill
 * the log.
 */
export function createSayArrival(log: Logger): SayArrival {
  return ({ guid: delivery, event, action, repository, sender, outcome, reason, jobs }) => {
    const about = { delivery, event, action, repository: repository?.fullName, sender, outcome, reason }
    const level = outcome === 'refused' || outcome === 'unavailable' ? 'warn' : 'info'
    log[level](
      { ...about, ...(jobs.length === 0 ? {} : { jobs: jobs.map(({ id }) => id) }) },
      `delivery ${outcome}`,
    )
  }
}
