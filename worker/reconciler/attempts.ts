import type { DeliveryAttempt, Hook } from '../../src/github/hooks.ts'

/** Which of a hook's deliveries were missed. All of it is pure. */

/** Whether one of the hooks is switched on and is sent this event. */
export function hears(hooks: Hook[], event: string): boolean {
  return hooks.some(({ active, events }) => active && (events.includes('*') || events.includes(event)))
}

/** Of each delivery that never arrived, the last attempt; the oldest first. */
export function findMissed(attempts: DeliveryAttempt[]): DeliveryAttempt[] {
  const arrived = new Set(attempts.filter(hasArrived).map(({ guid }) => guid))
  const last = new Map<string, DeliveryAttempt>()
  for (const attempt of attempts) {
    const known = last.get(attempt.guid)
    if (!arrived.has(attempt.guid) && (!known || known.deliveredAt <= attempt.deliveredAt)) {
      last.set(attempt.guid, attempt)
    }
  }
  return [...last.values()].sort((a, b) => a.deliveredAt - b.deliveredAt)
}

function hasArrived({ status, statusCode }: DeliveryAttempt): boolean {
  return status === 'OK' && statusCode >= 200 && statusCode < 300
}

/** When the first of these deliveries arrived, in milliseconds since 1970; undefined if none did. */
export function firstArrival(attempts: DeliveryAttempt[]): number | undefined {
  const times = attempts.filter(hasArrived).map(({ deliveredAt }) => deliveredAt)
  return times.length === 0 ? undefined : Math.min(...times)
}

/**
 * From when on the next pass must look, in milliseconds since 1970: from the oldest delivery that is still missed,
 * else from the newest that was seen.
 */
export function lookFrom(attempts: DeliveryAttempt[], missed: DeliveryAttempt[]): number | undefined {
  const guids = new Set(missed.map(({ guid }) => guid))
  const open = attempts.filter(({ guid }) => guids.has(guid)).map(({ deliveredAt }) => deliveredAt)
  if (open.length > 0) return Math.min(...open)
  return attempts.length === 0 ? undefined : Math.max(...attempts.map(({ deliveredAt }) => deliveredAt))
}
