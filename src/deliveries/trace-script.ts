import { changesKey, noteChange } from '../feed/note.ts'
import type { Arrival } from './arrival.ts'
import { deliveryKeys } from './keys.ts'

/** The trace keeps about this many arrivals; older ones go first. */
const keptArrivals = 20_000

/** So many of the newest of each repository are found without looking at those of others. */
export const indexedArrivals = 500

/** A repository that has sent nothing for so long needs no index. */
const indexedMs = 90 * 24 * 3600 * 1000

/**
 * Writes an arrival down, and notes it in the feed, for scripts that do so as part of their step. Every entry has the same
 * fields in the same order: Redis then stores their names once.
 * `keys` are those of {@link traceKeys}, `nowMs` is since 1970, `arrival` are the values of `toValues`.
 */
export const traceArrival = `${noteChange}
local function traceArrival(keys, nowMs, arrival)
  local id = redis.call('XADD', keys[1], 'MAXLEN', '~', ${keptArrivals}, '*', 'guid', arrival[1], 'event', arrival[2],
    'action', arrival[3], 'repositoryId', arrival[4], 'repository', arrival[5], 'sender', arrival[6],
    'outcome', arrival[7], 'reason', arrival[8], 'jobs', arrival[9])
  local repositoryId = arrival[4]
  if repositoryId ~= '' then
    redis.call('HSET', keys[2], repositoryId, arrival[5])
    redis.call('HSETNX', keys[3], repositoryId, nowMs)
    redis.call('LPUSH', keys[5], id)
    redis.call('LTRIM', keys[5], 0, ${indexedArrivals - 1})
    redis.call('PEXPIRE', keys[5], ${indexedMs})
  end
  noteChange(keys[4], 'delivery', repositoryId, '', '', '')
end
`

/** Where an arrival is written down, in the order that the script wants. */
export function traceKeys(prefix: string, { repository }: Arrival): string[] {
  const keys = deliveryKeys(prefix)
  return [
    keys.trace,
    keys.repositories,
    keys.repositoriesSince,
    changesKey(prefix),
    keys.of(repository?.id ?? ''),
  ]
}
