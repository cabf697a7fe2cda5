import { contains, mergedTree } from '../git/merge.ts'
import { announcePull } from '../hooks/events.ts'
import { Refusal, validationFailed } from '../refusal.ts'
import type { Label, Pull, Repository, User } from '../state.ts'
import { fullNameOf, inTurn, nextId, now, tell, type World } from '../world.ts'
import { noteActivity } from './activity.ts'
import { commitOn, type Push, setPullHead } from './branches.ts'
import { forkRepository } from './repositories.ts'

export interface PullRequest extends Push {
  title?: string
  body?: string | null
  base?: string
  draft?: boolean
  labels?: string[]
  /** From a fork below the user's own name. */
  fork?: boolean
}

/** What a person does: commits on a new branch (of a fork, if asked) and opens a pull request from it. */
export async function openPull(
  world: World,
  repository: Repository,
  user: User,
  request: PullRequest,
): Promise<Pull> {
  const head = request.fork ? await forkRepository(world, repository, user) : repository
  const branch = request.branch ?? `change-${repository.lastNumber + 1}-${nextId(world)}`
  const message = request.message ?? request.title
  const before = head.branches.get(branch) ?? null
  const sha = await inTurn(head, () =>
    commitOn(head, branch, user, { ...request, ...(message ? { message } : {}) }),
  )
  noteActivity(world, head, user, branch, before, sha)
  return createPull(world, repository, user, { ...request, head, branch })
}

/** Opens a pull request from a branch that exists; throws GitHub's 422. */
export async function createPull(
  world: World,
  repository: Repository,
  user: User,
  request: Omit<PullRequest, 'branch' | 'fork'> & { head: Repository; branch: string },
): Promise<Pull> {
  const { head, branch } = request
  const base = request.base ?? repository.defaultBranch
  const sha = head.branches.get(branch)
  const baseSha = repository.branches.get(base)
  if (!sha) throw validationFailed('PullRequest', 'head', 'invalid')
  if (!baseSha) throw validationFailed('PullRequest', 'base', 'invalid')
  refuseSecond(repository, head, branch, base)
  repository.lastNumber += 1
  const at = now()
  const pull: Pull = {
    id: nextId(world),
    number: repository.lastNumber,
    title: request.title ?? `Change ${branch}`,
    body: request.body ?? null,
    user,
    draft: request.draft ?? false,
    state: 'open',
    head: { repository: head, ref: branch, sha },
    base: { ref: base, sha: baseSha },
    labels: (request.labels ?? []).map((name) => labelNamed(world, repository, name)),
    at,
    updatedAt: at,
    closedAt: null,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    mergeable: null,
    computing: 0,
    reviews: [],
  }
  await inTurn(repository, () => setPullHead(repository, pull, sha))
  if (head.id === repository.id && (await contains(repository.gitDir, baseSha, sha))) {
    throw validationFailed('PullRequest', 'head', 'custom', `No commits between ${base} and ${branch}`)
  }
  repository.pulls.set(pull.number, pull)
  tellPull(world, repository, pull, 'opened')
  announcePull(world, repository, user, pull, 'opened')
  return pull
}

function refuseSecond(repository: Repository, head: Repository, branch: string, base: string): void {
  const same = [...repository.pulls.values()].find(
    (pull) =>
      pull.state === 'open' &&
      pull.head.repository.id === head.id &&
      pull.head.ref === branch &&
      pull.base.ref === base,
  )
  if (!same) return
  const message = `A pull request already exists for ${head.owner.login}:${branch}.`
  throw validationFailed('PullRequest', 'head', 'custom', message)
}

/** Closes without merging, or opens again. */
export function setPullState(
  world: World,
  repository: Repository,
  user: User,
  pull: Pull,
  state: Pull['state'],
): void {
  if (pull.state === state) return
  if (pull.mergedAt !== null) throw new Refusal(422, 'Validation Failed: a merged pull request stays closed')
  pull.state = state
  pull.updatedAt = now()
  pull.closedAt = state === 'closed' ? pull.updatedAt : null
  const action = state === 'closed' ? 'closed' : 'reopened'
  tellPull(world, repository, pull, action)
  announcePull(world, repository, user, pull, action)
}

/** Makes a draft ready, or a ready one a draft. */
export function setDraft(world: World, repository: Repository, user: User, pull: Pull, draft: boolean): void {
  if (pull.draft === draft) return
  pull.draft = draft
  pull.updatedAt = now()
  const action = draft ? 'converted_to_draft' : 'ready_for_review'
  tellPull(world, repository, pull, action)
  announcePull(world, repository, user, pull, action)
}

/** Has a pull request merge into another branch. */
export function setBase(world: World, repository: Repository, user: User, pull: Pull, ref: string): void {
  const sha = repository.branches.get(ref)
  if (!sha) throw validationFailed('PullRequest', 'base', 'invalid')
  const base = { ref: { from: pull.base.ref }, sha: { from: pull.base.sha } }
  pull.base = { ref, sha }
  pull.updatedAt = now()
  tellPull(world, repository, pull, 'edited')
  announcePull(world, repository, user, pull, 'edited', { changes: { base } })
}

export function tellPull(world: World, repository: Repository, pull: Pull, what: string): void {
  const change = { repository: fullNameOf(repository), id: pull.number, state: pull.state }
  tell(world, { what: `pull request ${what}`, ...change })
}

/** Whether the head merges into the base without conflict, computed once for each pair of commits. */
export async function isMergeable(repository: Repository, pull: Pull): Promise<boolean | null> {
  const base = repository.branches.get(pull.base.ref)
  if (pull.mergedAt !== null || !base) return null
  if (pull.computing > 0) {
    pull.computing -= 1
    return null
  }
  const of = `${base} ${pull.head.sha}`
  if (pull.mergeable?.of === of) return pull.mergeable.value
  const tree = await inTurn(repository, () => mergedTree(repository.gitDir, base, pull.head.sha))
  pull.mergeable = { of, value: tree !== null }
  return pull.mergeable.value
}

/** Whether the base has commits that the head has not. */
export async function isBehind(repository: Repository, pull: Pull): Promise<boolean> {
  const base = repository.branches.get(pull.base.ref)
  return base !== undefined && !(await contains(repository.gitDir, pull.head.sha, base))
}

export function labelNamed(world: World, repository: Repository, name: string): Label {
  const key = name.toLowerCase()
  const label = repository.labels.get(key) ?? { id: nextId(world), name, color: 'ededed' }
  repository.labels.set(key, label)
  return label
}

export function addLabels(
  world: World,
  repository: Repository,
  user: User,
  pull: Pull,
  names: string[],
): void {
  for (const name of names) {
    const label = labelNamed(world, repository, name)
    if (pull.labels.includes(label)) continue
    pull.labels.push(label)
    pull.updatedAt = now()
    tellPull(world, repository, pull, 'labeled')
    announcePull(world, repository, user, pull, 'labeled', { label })
  }
}

/** Gives false if the pull request has no such label. */
export function removeLabel(
  world: World,
  repository: Repository,
  user: User,
  pull: Pull,
  name: string,
): boolean {
  const index = pull.labels.findIndex((label) => label.name.toLowerCase() === name.toLowerCase())
  const [label] = index < 0 ? [] : pull.labels.splice(index, 1)
  if (!label) return false
  pull.updatedAt = now()
  tellPull(world, repository, pull, 'unlabeled')
  announcePull(world, repository, user, pull, 'unlabeled', { label })
  return true
}
