import type { Pull, Repository } from '../state.ts'
import { combinedState, latestCheckRuns, latestStatuses } from './checks.ts'

const PASSING = ['success', 'neutral', 'skipped']

/** Whether a context that a branch requires is green on a commit. */
export function isGreen(repository: Repository, sha: string, context: string): boolean {
  const status = latestStatuses(repository, sha).find(({ context: name }) => name === context)
  const run = latestCheckRuns(repository, sha).find(({ name }) => name === context)
  return status?.state === 'success' || PASSING.includes(run?.conclusion ?? '')
}

/** The required contexts that are not green on the head of a pull request. */
export function missingContexts(repository: Repository, pull: Pull): string[] {
  const protection = repository.protections.get(pull.base.ref)
  const required = [...new Set([...(protection?.contexts ?? []), ...(protection?.ruleContexts ?? [])])]
  return required.filter((context) => !isGreen(repository, pull.head.sha, context))
}

/** How many approvals a pull request still needs; whoever asks for changes holds it back wherever any are needed. */
export function missingApprovals(repository: Repository, pull: Pull): number {
  const protection = repository.protections.get(pull.base.ref)
  const needed = Math.max(protection?.reviews ?? 0, protection?.ruleReviews ?? 0)
  if (needed === 0) return 0
  const last = new Map(
    pull.reviews
      .filter(({ state }) => state !== 'COMMENTED')
      .filter(({ user }) => mayWrite(repository, user.login))
      .map((review) => [review.user.id, review.state]),
  )
  const states = [...last.values()]
  if (states.includes('CHANGES_REQUESTED')) return Math.max(1, needed)
  return Math.max(0, needed - states.filter((state) => state === 'APPROVED').length)
}

function mayWrite(repository: Repository, login: string): boolean {
  const permission = repository.permissions.get(login.toLowerCase())
  return permission === 'admin' || permission === 'write' || repository.owner.login === login
}

/** GitHub's summary of what is in the way of a merge. It says the same to those who may go past it. */
export function mergeableState(
  repository: Repository,
  pull: Pull,
  mergeable: boolean | null,
  behind: boolean,
): string {
  if (mergeable === null) return 'unknown'
  if (pull.draft) return 'draft'
  if (!mergeable) return 'dirty'
  const protection = repository.protections.get(pull.base.ref)
  const isMissing = missingContexts(repository, pull).length > 0 || missingApprovals(repository, pull) > 0
  if (isMissing || protection?.more || protection?.mergeQueue) return 'blocked'
  if (protection?.strict && behind) return 'behind'
  const runs = latestCheckRuns(repository, pull.head.sha)
  const statuses = latestStatuses(repository, pull.head.sha)
  const isStable =
    (statuses.length === 0 || combinedState(statuses) === 'success') &&
    runs.every(({ conclusion }) => PASSING.includes(conclusion ?? ''))
  return isStable ? 'clean' : 'unstable'
}
