import { isoSeconds } from '../present/common.ts'
import type { MergeGroup, Repository, User } from '../state.ts'
import type { World } from '../world.ts'
import { announce } from './announce.ts'

/** Why a merge group is no more. */
export type Destroyed = 'merged' | 'invalidated' | 'dequeued'

/** What the merge queue tells of a group. At GitHub, only apps can hear of it. */
export function announceMergeGroup(
  world: World,
  repository: Repository,
  sender: User,
  { base, baseSha, headSha, branch, at }: MergeGroup,
  action: 'checks_requested' | 'destroyed',
  reason?: Destroyed,
): void {
  const person = { name: sender.login, email: `${sender.login}@users.noreply.sandbox.test` }
  announce(world, repository, sender, 'merge_group', () => ({
    action,
    ...(reason === undefined ? {} : { reason }),
    merge_group: {
      head_sha: headSha,
      head_ref: `refs/heads/${branch}`,
      base_sha: baseSha,
      base_ref: `refs/heads/${base}`,
      head_commit: {
        ...{ id: headSha, tree_id: headSha, message: '', timestamp: isoSeconds(at) },
        author: person,
        committer: person,
      },
    },
  }))
}
