import { messageOf } from '../errors/errors.ts'
import type { Logger } from '../log/log.ts'
import { within } from '../within.ts'
import type { Arrival } from './arrival.ts'
import type { Trace } from './trace.ts'

/** Writes an arrival to the trace if that can be done within `limitMs`; the answer never fails because of it. */
export type LeaveTrace = (arrival: Arrival, limitMs: number) => Promise<void>

/** One line in the log when deliveries begin to leave no trace, and one when they do again. */
export function createLeaveTrace(trace: Trace, log: Logger): LeaveTrace {
  let failing = false
  return async (arrival, limitMs) => {
    try {
      await within(limitMs, trace.record(arrival, Date.now()), 'Redis does not answer.')
      if (failing) log.info('deliveries leave a trace again')
      failing = false
    } catch (error) {
      if (!failing) log.warn({ reason: messageOf(error) }, 'deliveries leave no trace for now')
      failing = true
    }
  }
}
