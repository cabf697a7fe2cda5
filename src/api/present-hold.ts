import type { Approval } from '../approvals/approvals.ts'
import type { Freeze } from '../locks/freezes.ts'
import type { Lock } from '../locks/locks.ts'
import { isoTime } from './present-deployment.ts'
import type { PresentedApproval } from './schema/holds.ts'
import type { PresentedFreeze, PresentedLock } from './schema/place.ts'

/** A lock as the API gives it. Pure. */
export function presentLock({ id, scope, kind, owner, reason, ...lock }: Lock): PresentedLock {
  const times = { since: isoTime(lock.since), expiresAt: isoTime(lock.expiresAt) }
  return { id, scope, kind, owner, reason, ...times, ownerMayDeploy: lock.ownerMayDeploy }
}

/** A freeze as the API gives it. Pure. */
export function presentFreeze({ id, scope, from, until, by, reason, at }: Freeze): PresentedFreeze {
  const times = { from: isoTime(from), until: isoTime(until), at: isoTime(at) }
  return { id, scope, by, reason, ...times }
}

/** What somebody said of a deployment, as the API gives it. Pure. */
export function presentApproval({ by, verdict, comment, at, rules }: Approval): PresentedApproval {
  return { by, verdict, comment, at: isoTime(at), rules }
}
