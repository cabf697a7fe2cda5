import type { Approval } from '../../src/approvals/approvals.ts'
import { countedOf, rejectedWords, waitsForWords } from '../../src/approvals/judge.ts'
import { durationWords } from '../../src/config/duration.ts'
import type { HeldBack } from '../../src/deployments/held.ts'
import type { RunRules } from '../rules.ts'
import { defineHold } from './hold.ts'
import { isRollback } from './is-rollback.ts'

export interface ApprovalsFacts {
  acceptedAt: number
  approvals: readonly Approval[]
  /** All who may have asked for it. */
  askers: readonly string[]
  isRollback: boolean
}

/** Holds a deployment back until enough people have agreed to it; one who does not ends it. Pure. */
export function decideApprovals(
  { acceptedAt, approvals, askers, isRollback }: ApprovalsFacts,
  rules: Pick<RunRules, 'approvals' | 'environmentDigest'>,
  nowMs: number,
): HeldBack | undefined {
  const rejection = approvals.find(({ verdict }) => verdict === 'rejected')
  if (rejection) {
    const reason = rejectedWords(rejection)
    return { hold: 'approvals', reason, limit: { at: rejection.at, reason, state: 'inactive' } }
  }
  const { approvals: wanted } = rules
  if (wanted === undefined || isRollback) return undefined
  const given = { approvals, askers, rules: rules.environmentDigest }
  const counted = countedOf(given, wanted.expireMs, nowMs)
  if (counted.length >= wanted.required) return undefined
  const at = acceptedAt + wanted.withinMs
  const many = wanted.required === 1 ? '' : `: ${counted.length} of ${wanted.required} approvals were there`
  return {
    hold: 'approvals',
    reason: waitsForWords(wanted, counted, at),
    limit: { at, reason: `Not approved within ${durationWords(wanted.withinMs)}${many}.` },
  }
}

/** `approvals:`. */
export const approvals = defineHold(async ({ record, approvals, tools }): Promise<ApprovalsFacts> => {
  const [askers, rollsBack] = await Promise.all([tools.askersOf(record), isRollback(record, tools)])
  return { acceptedAt: record.acceptedAt, approvals, askers, isRollback: rollsBack }
}, decideApprovals)
