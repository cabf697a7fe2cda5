import type { ApprovalRules } from '../config/rules.ts'
import { truncate } from '../text.ts'
import { momentWords } from '../windows/words.ts'
import type { Approval } from './approvals.ts'

/** What counts when approvals are judged. */
export interface ApprovalFacts {
  approvals: readonly Approval[]
  /** All who may have asked for the deployment. */
  askers: readonly string[]
  /** The digest of the environment's rules now. */
  rules: string
}

/** Why an approval counts, or does not. */
export type Standing = 'counts' | 'rejects' | 'asked for it' | 'of other rules' | 'too old'

/** How one approval stands. Pure. */
export function standingOf(
  { by, verdict, at, rules }: Approval,
  facts: Omit<ApprovalFacts, 'approvals'>,
  expireMs: number,
  nowMs: number,
): Standing {
  if (verdict === 'rejected') return 'rejects'
  if (facts.askers.some((asker) => asker.toLowerCase() === by.toLowerCase())) return 'asked for it'
  if (rules !== facts.rules) return 'of other rules'
  return nowMs >= at + expireMs ? 'too old' : 'counts'
}

/** The approvals that count. Pure. */
export function countedOf(facts: ApprovalFacts, expireMs: number, nowMs: number): Approval[] {
  return facts.approvals.filter((each) => standingOf(each, facts, expireMs, nowMs) === 'counts')
}

/** `Rejected by octocat: not before the fair.`: the last words of a deployment. Pure. */
export function rejectedWords({ by, comment }: Pick<Approval, 'by' | 'comment'>): string {
  const why = comment.trim()
  return truncate(
    why === ''
      ? `Rejected by ${truncate(by, 40)}.`
      : `Rejected by ${truncate(by, 40)}: ${why.replace(/\.+$/, '')}.`,
    140,
  )
}

/** What a deployment waits for, at most 140 code points. `until` is when it is given up. Pure. */
export function waitsForWords(
  { required, from }: ApprovalRules,
  counted: readonly Approval[],
  until: number,
): string {
  const some = required === 1 ? 'an approval' : `${required - counted.length} of ${required} approvals`
  const end = `. Until ${momentWords(until)}.`
  const by =
    counted.length === 0 ? '' : ` (${truncate(counted.map((each) => each.by).join(', '), 30)} approved)`
  const start = `Waits for ${some} from `
  const left = 140 - [...start, ...by, ...end].length
  return `${start}${truncate(whomWords(from), left)}${by}${end}`
}

/** Who may approve: `octocat or @acme/deployers`. Pure. */
export function whomWords(from: readonly string[]): string {
  if (from.length === 0) return 'an approver'
  return from.length === 1 ? (from[0] ?? '') : `${from.slice(0, -1).join(', ')} or ${from.at(-1)}`
}
