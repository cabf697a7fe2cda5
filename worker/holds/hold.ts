import type { HeldBack } from '../../src/deployments/held.ts'
import type { DeploymentRecord } from '../../src/deployments/record.ts'
import type { HoldFacts } from '../../src/holds/facts.ts'
import type { RunRules } from '../rules.ts'
import type { Tools } from '../tools.ts'

/** A deployment that has not begun, all that was read of it in one step, and what the rest is read with. */
export interface HoldSubject extends HoldFacts {
  record: DeploymentRecord
  tools: Tools
}

/**
 * Something that may hold a deployment back before it begins, whatever the others say. Whoever ends it, if time does not,
 * calls `held.wake` (src/deployments/held.ts) for the lane: what it held looks again at once.
 */
export interface Hold {
  /** What it holds a deployment back with; undefined if it does not. */
  look(subject: HoldSubject, rules: RunRules): Promise<HeldBack | undefined>
}

/** A hold, of what it reads and of the pure decision on it. */
export function defineHold<Facts>(
  read: (subject: HoldSubject) => Promise<Facts>,
  decide: (facts: Facts, rules: RunRules, nowMs: number) => HeldBack | undefined,
): Hold {
  return { look: async (subject, rules) => decide(await read(subject), rules, subject.nowMs) }
}
