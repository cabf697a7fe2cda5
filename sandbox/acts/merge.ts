import { setRefs } from '../git/commit.ts'
import { mergeCommits } from '../git/merge.ts'
import { announcePull } from '../hooks/events.ts'
import { missingApprovals, missingContexts } from '../present/mergeable-state.ts'
import type { MergeMethod, Pull, Repository, User } from '../state.ts'
import { inTurn, now, refuseUnless, type World } from '../world.ts'
import { branchMoved } from './branches.ts'
import { tellPull } from './pulls.ts'
import { authorOf } from './repositories.ts'

export interface MergeRequest {
  method?: MergeMethod
  /** The head that the one who asks has seen. */
  sha?: string
  title?: string
  message?: string
}

/** Merges a pull request by a real git merge and tells the hooks. Gives the merge commit's sha; throws 405, 409. */
export async function mergePull(
  world: World,
  repository: Repository,
  user: User,
  pull: Pull,
  request: MergeRequest = {},
): Promise<string> {
  const { before, sha } = await inTurn(repository, () => moveBase(repository, user, pull, request))
  pull.state = 'closed'
  pull.mergedAt = pull.closedAt = pull.updatedAt = now()
  pull.mergedBy = user
  pull.mergeCommitSha = sha
  tellPull(world, repository, pull, 'merged')
  announcePull(world, repository, user, pull, 'closed')
  await branchMoved(world, repository, user, pull.base.ref, before, sha)
  return sha
}

async function moveBase(repository: Repository, user: User, pull: Pull, request: MergeRequest) {
  refuseUnless(pull.state === 'open', 405, 'Pull Request is not mergeable')
  refuseUnless(!pull.draft, 405, 'Pull Request is still a draft')
  const headMoved = request.sha !== undefined && request.sha !== pull.head.sha
  refuseUnless(!headMoved, 409, 'Head branch was modified. Review and try the merge again.')
  refuseUnlessAllowed(repository, pull, request.method ?? 'merge')
  const before = repository.branches.get(pull.base.ref)
  refuseUnless(before, 405, 'Pull Request is not mergeable')
  const sha = await mergeCommits(repository.gitDir, {
    base: before,
    head: pull.head.sha,
    method: request.method ?? 'merge',
    message: messageOf(pull, request),
    author: authorOf(user),
  })
  refuseUnless(sha, 405, 'Pull Request is not mergeable')
  await setRefs(repository.gitDir, { [`refs/heads/${pull.base.ref}`]: sha })
  repository.branches.set(pull.base.ref, sha)
  return { before, sha }
}

/** What GitHub refuses with: the words are its own. */
function refuseUnlessAllowed(repository: Repository, pull: Pull, method: MergeMethod): void {
  const word = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' }[method]
  refuseUnless(repository.mergeMethods.has(method), 405, `${word} are not allowed on this repository.`)
  const protection = repository.protections.get(pull.base.ref)
  if (!protection || repository.bypass) return
  refuseUnless(!protection.mergeQueue, 405, 'Changes must be made through the merge queue')
  const missing = missingContexts(repository, pull)
  const named = missing.map((context) => `"${context}"`).join(', ')
  refuseUnless(missing.length === 0, 405, `Required status check ${named} is expected.`)
  const approvals = missingApprovals(repository, pull)
  const review = `At least ${approvals} approving review is required by reviewers with write access.`
  refuseUnless(approvals === 0, 405, review)
  refuseUnless(
    !protection.more,
    405,
    'A conversation must be resolved before this pull request can be merged.',
  )
}

function messageOf(pull: Pull, { method, title, message }: MergeRequest): string {
  const from = `${pull.head.repository.owner.login}/${pull.head.ref}`
  const first =
    title ??
    (method === 'squash'
      ? `${pull.title} (#${pull.number})`
      : `Merge pull request #${pull.number} from ${from}`)
  return `${first}\n\n${message ?? pull.title}\n`
}
