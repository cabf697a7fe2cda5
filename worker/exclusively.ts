import { randomUUID } from 'node:crypto'
import { holdLease, releaseLease } from '../src/redis/lease.ts'
import type { Redis } from '../src/redis/redis.ts'
import { AskAgain } from './ask-again.ts'
import { keepLease, type Lease } from './lease.ts'

/**
 * Does what only one process of the fleet may do at a time. Before each step that cannot be taken back, the work
 * renews its lease. Who dies keeps others out until its lease has run out: by then GitHub has ended the requests
 * that were under way.
 *
 * @throws {AskAgain} if another process is at it
 */
export type Exclusively = <T>(key: string, work: (lease: Lease) => Promise<T>) => Promise<T>

/** How soon another has mostly done what it is at. */
const againMs = 250

/** How work of one process at a time is agreed on, through Redis. */
export function openExclusively(redis: Redis, leaseMs: number): Exclusively {
  return async (key, work) => {
    const token = randomUUID()
    const askedAt = performance.now()
    const hold = async () => (await holdLease(redis, [key], [token, leaseMs])) === 1
    if (!(await hold())) throw anotherIsAtIt()
    const lease = keepLease(hold, leaseMs, askedAt)
    try {
      return await work(lease)
    } finally {
      lease.stop()
      await releaseLease(redis, [key], [token])
    }
  }
}

/** Makes sure that the lease is ours still. @throws {AskAgain} if it is not */
export async function renewNow(lease: Lease): Promise<void> {
  if (lease.isLost() || !(await lease.renew())) throw anotherIsAtIt()
}

/** What those are told who must not do something now. */
export function anotherIsAtIt(): AskAgain {
  return new AskAgain('Another worker is at it.', againMs)
}
