import type { RulesInForce } from '../config/rules.ts'
import type { Subject } from '../deliveries/arrival.ts'
import { toValues } from '../deliveries/trace-entry.ts'
import { traceArrival, traceKeys } from '../deliveries/trace-script.ts'
import { openAsked, rememberAsked } from '../jobs/asked.ts'
import type { JobRequest } from '../jobs/job.ts'
import type { Queues } from '../jobs/queues.ts'
import { defineScript, type Redis } from '../redis/redis.ts'

/** What became of the jobs that a delivery asks for, and whether that is in the trace already. */
export interface TakenIn {
  outcome: 'queued' | 'duplicate'
  isTraced: boolean
}

/** Stores what a delivery asks for, and writes down that it did. */
export type TakeIn = (requests: JobRequest[], subject: Subject) => Promise<TakenIn>

/**
 * Remembers jobs that were stored, and writes the delivery down with what that showed: one round trip of a delivery's three.
 * Keys: five of the trace, then where each job is remembered. Arguments: ms since 1970, whether it is queued even if all of
 * them were asked for meanwhile (1, else 0), then the arrival's values, of which the seventh is the outcome.
 */
const settle = defineScript(`${rememberAsked}${traceArrival}
local isQueued = ARGV[2] == '1'
for index = 6, #KEYS do
  if rememberAsked(KEYS[index], ARGV[1]) then isQueued = true end
end
local arrival = {unpack(ARGV, 3)}
if not isQueued then arrival[7] = 'duplicate' end
traceArrival(KEYS, ARGV[1], arrival)
return isQueued and 1 or 0
`)

/** Takes deliveries in: each job is stored before it is remembered, so that a crash between the two loses nothing. */
export function createTakeIn(redis: Redis, queues: Queues, prefix: string, rules: RulesInForce): TakeIn {
  const asked = openAsked(redis, queues, prefix, rules)
  return async (requests, subject) => {
    const known = await Promise.all(requests.map(asked.has))
    const retried = await Promise.all(requests.filter((_, index) => known[index]).map(asked.retryFailed))
    const isRetried = retried.includes(true)
    const fresh = requests.filter((_, index) => !known[index])
    if (fresh.length === 0) return { outcome: isRetried ? 'queued' : 'duplicate', isTraced: false }
    await Promise.all(fresh.map(asked.add))
    const keys = fresh.map(asked.keyOf)
    const arrival = { ...subject, outcome: 'queued', jobs: requests } as const
    const isQueued = await settle(
      redis,
      [...traceKeys(prefix, arrival), ...keys.filter((key) => key !== undefined)],
      [Date.now(), isRetried || keys.includes(undefined) ? 1 : 0, ...toValues(arrival)],
    )
    return { outcome: isQueued === 1 ? 'queued' : 'duplicate', isTraced: true }
  }
}
