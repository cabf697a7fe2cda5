import type { Approval } from '../../approvals/approvals.ts'
import { standingOf } from '../../approvals/judge.ts'
import { environmentDigest } from '../../config/environment-digest.ts'
import type { ApprovalRules, EnvironmentRules } from '../../config/rules.ts'
import { askersOf } from '../../deployments/askers.ts'
import type { HeldNote } from '../../deployments/held.ts'
import type { DeploymentRecord } from '../../deployments/record.ts'
import type { Freeze } from '../../locks/freezes.ts'
import type { Lock } from '../../locks/locks.ts'
import type { DeclaredFreeze } from '../../locks/words.ts'
import type { WeeklyWindow } from '../../windows/windows.ts'
import type { Sources } from '../sources.ts'

/** A freeze, of the file or declared by somebody. */
export type FreezeFact = DeclaredFreeze & { id?: string; from: number }

/** What holds back whatever comes to an environment. */
export interface HoldFacts {
  locks: Lock[]
  /** Those that are not over, the first that begins first. */
  freezes: FreezeFact[]
  windows: readonly WeeklyWindow[]
  approvals?: ApprovalRules
}

/** What somebody said of a deployment, and whether it counts. */
export type ApprovalFact = Approval & { standing: ReturnType<typeof standingOf> }

/** A deployment that something holds back before it asks for its lane. */
export interface HeldFact {
  record: DeploymentRecord
  note: HeldNote
  approvals: ApprovalFact[]
}

export const nothingHolds: HoldFacts = { locks: [], freezes: [], windows: [] }

/** What the rules hold back, before anybody has locked or frozen anything. Pure. */
export function holdsOfRules({ windows, freezes, approvals }: EnvironmentRules, nowMs: number): HoldFacts {
  return {
    locks: [],
    freezes: freezes.filter(({ until }) => until > nowMs),
    windows,
    ...(approvals === undefined ? {} : { approvals }),
  }
}

/** The same with the locks and freezes of people. */
export async function gatherHolds(
  { locks, freezes }: Sources,
  repositoryId: number,
  environment: string,
  ofRules: HoldFacts,
): Promise<HoldFacts> {
  const [taken, declared] = await Promise.all([
    locks.of(repositoryId, environment),
    freezes.of(repositoryId, environment),
  ])
  const all: FreezeFact[] = [...ofRules.freezes, ...(declared satisfies Freeze[])]
  return { ...ofRules, locks: taken, freezes: all.toSorted((a, b) => a.from - b.from) }
}

/** What people said of a deployment that is held back. */
export async function gatherApprovals(
  { approvals }: Sources,
  record: DeploymentRecord,
  rules: EnvironmentRules | undefined,
  nowMs: number,
): Promise<ApprovalFact[]> {
  if (rules === undefined) return []
  const facts = { askers: askersOf(record), rules: environmentDigest(rules) }
  const expireMs = rules.approvals?.expireMs ?? 0
  return (await approvals.of(record.id)).map((approval) => ({
    ...approval,
    standing: standingOf(approval, facts, expireMs, nowMs),
  }))
}
