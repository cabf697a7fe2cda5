import type { HeldBack } from '../../src/deployments/held.ts'
import type { DeploymentRecord } from '../../src/deployments/record.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import type { RunRules } from '../rules.ts'
import type { Tools } from '../tools.ts'

/** A deployment that has not begun, and what its facts are read with. */
export interface HoldSubject {
  job: ProcessDeployment
  record: DeploymentRecord
  tools: Tools
}

/**
 * Something that may hold a deployment back before it begins, whatever the others say. Whoever ends it, if time does not,
 * calls `held.wake` (src/deployments/held.ts) for the lane: what it held looks again at once.
 */
export interface Hold {
  /** What it holds a deployment back with; undefined if it does not. `nowMs` is by Redis's clock, as the records are. */
  look(subject: HoldSubject, rules: RunRules, nowMs: number): Promise<HeldBack | undefined>
}

/** A hold, of what it reads and of the pure decision on it. */
export function defineHold<Facts>(
  read: (subject: HoldSubject) => Promise<Facts>,
  decide: (facts: Facts, rules: RunRules, nowMs: number) => HeldBack | undefined,
): Hold {
  return { look: async (subject, rules, nowMs) => decide(await read(subject), rules, nowMs) }
}
