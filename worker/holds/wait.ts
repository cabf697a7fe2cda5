import { durationWords } from '../../src/config/duration.ts'
import type { HeldBack } from '../../src/deployments/held.ts'
import type { RunRules } from '../rules.ts'
import { defineHold } from './hold.ts'
import { isRollback } from './is-rollback.ts'

export interface WaitFacts {
  acceptedAt: number
  /** Whether it rolls back a failure: what is broken is not to stay so for longer. */
  isRollback: boolean
}

/** Holds a deployment back for the environment's `wait`, from when it was accepted. Pure. */
export function decideWait(
  { acceptedAt, isRollback }: WaitFacts,
  { waitMs }: Pick<RunRules, 'waitMs'>,
  nowMs: number,
): HeldBack | undefined {
  const endsAt = acceptedAt + waitMs
  if (isRollback || nowMs >= endsAt) return undefined
  const until = new Date(endsAt).toISOString().replace('T', ' ').slice(0, 19)
  return { hold: 'wait', reason: `Held back for ${durationWords(waitMs)}, until ${until} UTC.`, endsAt }
}

/** `wait:`. */
export const wait = defineHold(async ({ record, tools }): Promise<WaitFacts> => {
  return { acceptedAt: record.acceptedAt, isRollback: await isRollback(record, tools) }
}, decideWait)
