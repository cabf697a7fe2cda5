import type { RulesInForce } from '../src/config/rules.ts'
import { fullName, type Repository } from '../src/jobs/job.ts'

/** What a commit's CI must show before it is deployed. */
export interface GateRules {
  /** Contexts or names of check runs that must be there. Whatever else the commit has must be green too. */
  required: readonly string[]
  /** How long CI is waited for. */
  limitMs: number
  /** Contexts that we report ourselves. */
  ownContexts: readonly string[]
}

/** The gate of a repository. */
export type GateFor = (repository: Repository) => GateRules

/** How often a waiting job looks by itself, in case an event was missed: ever more seldom. */
export interface CiLooks {
  firstMs: number
  longestMs: number
}

export const usualGate: GateRules = { required: [], limitMs: 3_600_000, ownContexts: [] }
export const usualLooks: CiLooks = { firstMs: 15_000, longestMs: 300_000 }

/** Looks gates up in the rules, as they are now. Our own checks are left out: they are reported, not waited for. */
export function createGateFor(rules: RulesInForce): GateFor {
  return (repository) => {
    const found = rules.current.of(fullName(repository))
    return found ? { ...found.gate, ownContexts: found.checks.map(({ context }) => context) } : usualGate
  }
}
