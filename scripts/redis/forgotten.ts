import { keyPrefix, type Redis } from '../../src/redis.ts'
import { isAcknowledged } from '../faults/evidence.ts'
import type { Installation } from '../faults/installation.ts'

/** What a fault has cost. */
export interface Forgotten {
  what: string
  /** Until a master was in charge again. */
  masterAfterMs: number
  /** The jobs that were acknowledged, and of how many Redis does not know that they were asked for. */
  acknowledged: number
  forgotten: string[]
}

/**
 * Begins to look at a fault. The jobs that the receiver has said to have queued are remembered in Redis for days, under
 * `asked:<id>`: whichever is not there any more was written to a master that did not live to tell its replica.
 */
export function createForgotten(
  { sandbox }: Installation,
  redis: Redis,
): (what: string) => Promise<Omit<Forgotten, 'masterAfterMs'>> {
  return async (what) => {
    const ids = new Set(
      sandbox
        .deliveries()
        .filter(isAcknowledged)
        .flatMap(({ responseBody }) => jobsOf(responseBody)),
    )
    const forgotten: string[] = []
    for (const id of ids) if ((await redis.exists(`${keyPrefix}:asked:${id}`)) === 0) forgotten.push(id)
    return { what, acknowledged: ids.size, forgotten }
  }
}

function jobsOf(body: string): string[] {
  const answer = JSON.parse(body) as { jobs?: { id: string; name: string }[] }
  return (answer.jobs ?? []).filter(({ name }) => name !== 'pull-request-changed').map(({ id }) => id)
}
