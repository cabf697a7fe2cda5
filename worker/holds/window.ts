import type { HeldBack } from '../../src/deployments/held.ts'
import { windowStateAt } from '../../src/windows/windows.ts'
import { closedWords } from '../../src/windows/words.ts'
import type { RunRules } from '../rules.ts'
import { defineHold } from './hold.ts'
import { isRollback } from './is-rollback.ts'

export interface WindowFacts {
  isForced: boolean
  isRollback: boolean
}

/** Holds a deployment back until one of the environment's windows opens. Pure. */
export function decideWindow(
  { isForced, isRollback }: WindowFacts,
  { windows }: Pick<RunRules, 'windows'>,
  nowMs: number,
): HeldBack | undefined {
  if (isForced || isRollback) return undefined
  const state = windowStateAt(windows, nowMs)
  if (state.isOpen) return undefined
  return {
    hold: 'window',
    reason: closedWords(state.opensAt, state.window.zone),
    endsAt: state.opensAt,
  }
}

/** `windows:`. */
export const window = defineHold(async ({ record, tools }): Promise<WindowFacts> => {
  const [isForced, rollsBack] = await Promise.all([tools.isForced(record), isRollback(record, tools)])
  return { isForced, isRollback: rollsBack }
}, decideWindow)
