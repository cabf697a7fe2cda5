import { durationWords } from '../../src/config/duration.ts'
import type { HeldBack } from '../../src/deployments/held.ts'
import type { Lock } from '../../src/locks/locks.ts'
import { lockWords } from '../../src/locks/words.ts'
import { truncate } from '../../src/text.ts'
import { defineHold } from './hold.ts'
import { isRollback } from './is-rollback.ts'

export interface LockFacts {
  acceptedAt: number
  /** The locks that it is under, the widest first. */
  locks: readonly Lock[]
  /** In whose names it was asked for, as far as that is certain. */
  by: readonly string[]
  isForced: boolean
  isRollback: boolean
}

/** Whoever locks and forgets it keeps nothing waiting for longer. */
const limitMs = 30 * 24 * 3_600_000

/** Holds a deployment back while it is under a lock that does not let it pass. Pure. */
export function decideLock(facts: LockFacts): HeldBack | undefined {
  const [lock] = facts.locks.filter((each) => isHeldBy(each, facts))
  if (!lock) return undefined
  const by = truncate(lock.owner, 40)
  return {
    hold: 'lock',
    reason: lockWords(lock),
    ...(lock.expiresAt === undefined ? {} : { endsAt: lock.expiresAt }),
    limit: {
      at: facts.acceptedAt + limitMs,
      reason: `Given up after ${durationWords(limitMs)}: it is locked still, by ${by}.`,
    },
  }
}

function isHeldBy({ kind, owner, ownerMayDeploy }: Lock, { by, isForced, isRollback }: LockFacts): boolean {
  if (ownerMayDeploy && by.includes(owner)) return false
  return kind === 'hard' || !(isForced || isRollback)
}

/** Locks that people took. */
export const lock = defineHold(async ({ record, locks, tools }): Promise<LockFacts> => {
  const { acceptedAt } = record
  if (locks.length === 0) return { acceptedAt, locks, by: [], isForced: false, isRollback: false }
  const [by, isForced, rollsBack] = await Promise.all([
    tools.speakersOf(record),
    tools.isForced(record),
    isRollback(record, tools),
  ])
  return { acceptedAt, locks, by, isForced, isRollback: rollsBack }
}, decideLock)
