import { isFinal, type RecordedStatus } from '../../src/deployments/record.ts'
import type { DeploymentState, GitHubStatus } from '../../src/github/deployments.ts'

/**
 * How many of our statuses GitHub has, and the state and description to take over when GitHub is further on
 * than we are ('' if it is not). Pure. `theirs` is newest first, as GitHub lists them.
 */
export function compareStatuses(
  ours: RecordedStatus[],
  theirs: GitHubStatus[],
): { sent: number; state: DeploymentState | ''; description: string } {
  const oldestFirst = theirs.toReversed()
  let from = 0
  let sent = 0
  for (const [index, status] of ours.entries()) {
    const found = oldestFirst.findIndex(
      ({ state, description }, at) =>
        at >= from && state === status.state && description === status.description,
    )
    if (found === -1) continue
    from = found + 1
    sent = index + 1
  }
  const latest = theirs[0]
  const known = ours.some(({ state }) => state === latest?.state)
  const further = latest !== undefined && !known && (isFinal(latest.state) || latest.state === 'in_progress')
  return {
    sent,
    state: further ? (latest.state as DeploymentState) : '',
    description: further ? latest.description : '',
  }
}
