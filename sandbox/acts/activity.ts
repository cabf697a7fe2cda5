import type { Activity, Repository, User } from '../state.ts'
import { nextId, now, type World } from '../world.ts'

const none = '0'.repeat(40)

/** Notes in the repository's activity that a branch was made, moved or deleted. */
export function noteActivity(
  world: World,
  repository: Repository,
  actor: User,
  branch: string,
  before: string | null,
  after: string | null,
): void {
  repository.activities.push({
    id: nextId(world),
    ref: `refs/heads/${branch}`,
    before: before ?? none,
    after: after ?? none,
    type: typeOf(before, after),
    actor,
    at: now(),
  })
}

function typeOf(before: string | null, after: string | null): Activity['type'] {
  if (before === null) return 'branch_creation'
  return after === null ? 'branch_deletion' : 'push'
}

/** Lets all that moved branches so far be so much older. */
export function ageActivity(repository: Repository, ms: number): void {
  for (const activity of repository.activities) activity.at -= ms
}
