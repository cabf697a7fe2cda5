import type { HeldBack } from '../../src/deployments/held.ts'
import type { Freeze } from '../../src/locks/freezes.ts'
import { freezeWords } from '../../src/locks/words.ts'
import type { RunRules } from '../rules.ts'
import { defineHold } from './hold.ts'
import { isRollback } from './is-rollback.ts'

export interface FreezeFacts {
  /** Those that people declared. */
  declared: readonly Freeze[]
  isForced: boolean
  isRollback: boolean
}

/** Holds a deployment back while the file or somebody wants nothing to begin; of several, the one that ends last. Pure. */
export function decideFreeze(
  { declared, isForced, isRollback }: FreezeFacts,
  { freezes }: Pick<RunRules, 'freezes'>,
  nowMs: number,
): HeldBack | undefined {
  if (isForced || isRollback) return undefined
  const [last] = [...declared, ...freezes]
    .filter(({ from, until }) => from <= nowMs && nowMs < until)
    .sort((a, b) => b.until - a.until)
  return last && { hold: 'freeze', reason: freezeWords(last), endsAt: last.until }
}

/** `freezes:`, and those that people declared. */
export const freeze = defineHold(async ({ record, freezes, tools }): Promise<FreezeFacts> => {
  const [isForced, rollsBack] = await Promise.all([tools.isForced(record), isRollback(record, tools)])
  return { declared: freezes, isForced, isRollback: rollsBack }
}, decideFreeze)
