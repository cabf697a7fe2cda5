/** How a deployment ended, as much as is needed to count it. Times are milliseconds since 1970. */
export interface Outcome {
  id: number
  repositoryId: number
  environment: string
  state: 'success' | 'failure' | 'error'
  production: boolean
  /** Somebody ended it: that says nothing of the change. */
  cancelled: boolean
  startedAt?: number
  finishedAt: number
  /** When the change was merged or pushed. */
  changedAt?: number
  /** The deployment that it rolls back. */
  rollbackOf?: number
}

/** Reads a member of the sorted set, whose form is in src/deployments/outcome-script.ts. Pure. */
export function toOutcome(member: string, finishedAt: number): Outcome {
  const [id, repositoryId, state, flags, startedAt, changedAt, rollbackOf, ...environment] = member.split('|')
  const bits = Number(flags)
  // Twenty thousand of these are made for one look: no more objects than needed.
  const outcome: Outcome = {
    id: Number(id),
    repositoryId: Number(repositoryId),
    environment: environment.length === 1 ? (environment[0] ?? '') : environment.join('|'),
    state: state === 'success' || state === 'failure' ? state : 'error',
    production: (bits & 1) !== 0,
    cancelled: (bits & 2) !== 0,
    finishedAt,
  }
  if (startedAt) outcome.startedAt = Number(startedAt)
  if (rollbackOf) outcome.rollbackOf = Number(rollbackOf)
  const changed = changedAt ? Date.parse(changedAt) : Number.NaN
  if (!Number.isNaN(changed)) outcome.changedAt = changed
  return outcome
}
