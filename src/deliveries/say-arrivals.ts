import type { Logger } from '../log.ts'
import type { LeaveTrace } from './leave-trace.ts'

/**
 * Says in one line of the log what became of each signed delivery, by its GUID, and then lets it leave its trace. What is not signed
 * has no line: anyone could fill the log.
 */
export function sayArrivals(leaveTrace: LeaveTrace, log: Logger): LeaveTrace {
  return (arrival, limitMs) => {
    const { guid: delivery, event, action, repository, sender, outcome, reason, jobs } = arrival
    const about = { delivery, event, action, repository: repository?.fullName, sender, outcome, reason }
    const level = outcome === 'refused' || outcome === 'unavailable' ? 'warn' : 'info'
    log[level](
      { ...about, ...(jobs.length === 0 ? {} : { jobs: jobs.map(({ id }) => id) }) },
      `delivery ${outcome}`,
    )
    return leaveTrace(arrival, limitMs)
  }
}
