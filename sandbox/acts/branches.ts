import { commitFiles, type Files } from '../git/commit.ts'
import { git } from '../git/git.ts'
import { announcePull } from '../hooks/events.ts'
import { announcePush } from '../hooks/pushes.ts'
import type { Pull, Repository, User } from '../state.ts'
import { fullNameOf, inTurn, now, tell, type World } from '../world.ts'
import { noteActivity } from './activity.ts'
import { authorOf } from './repositories.ts'

export interface Push {
  branch?: string
  files?: Files
  message?: string
}

/** Commits files on a branch (made from the default branch if new) and pushes it. Gives the commit's sha. */
export async function push(world: World, repository: Repository, user: User, request: Push): Promise<string> {
  const branch = request.branch ?? repository.defaultBranch
  const { before, sha } = await inTurn(repository, async () => {
    const before = repository.branches.get(branch) ?? null
    const sha = await commitOn(repository, branch, user, request)
    return { before, sha }
  })
  await branchMoved(world, repository, user, branch, before, sha)
  return sha
}

/** Writes a commit on a branch and moves it there, without telling anyone. To be called in turn. */
export async function commitOn(
  repository: Repository,
  branch: string,
  user: User,
  { files, message }: Push,
  alsoAt: string[] = [],
): Promise<string> {
  const parent = repository.branches.get(branch) ?? repository.branches.get(repository.defaultBranch) ?? null
  const sha = await commitFiles(repository.gitDir, {
    ref: `refs/heads/${branch}`,
    parent,
    files: files ?? { [`changes/${branch}.md`]: `${message ?? branch} ${now()}\n` },
    message: message ?? `Change ${Object.keys(files ?? {}).join(', ') || branch}`,
    author: authorOf(user),
    alsoAt,
  })
  repository.branches.set(branch, sha)
  return sha
}

/** Tells the world that a branch moved: pull requests from it follow, hooks hear of it. */
export async function branchMoved(
  world: World,
  repository: Repository,
  user: User,
  branch: string,
  before: string | null,
  after: string | null,
): Promise<void> {
  noteActivity(world, repository, user, branch, before, after)
  tell(world, { what: 'pushed', repository: fullNameOf(repository), id: after ?? '', state: branch })
  for (const { base, pull } of openPullsFrom(world, repository, branch)) {
    if (after && pull.head.sha !== after) await moveHead(world, base, pull, user, after)
  }
  await announcePush(world, repository, user, `refs/heads/${branch}`, before, after)
}

function openPullsFrom(world: World, repository: Repository, branch: string) {
  const bases = repository.parent ? [repository.parent, repository] : [repository]
  return bases
    .filter((base) => world.repositories.has(base.id))
    .flatMap((base) => [...base.pulls.values()].map((pull) => ({ base, pull })))
    .filter(({ pull }) => pull.state === 'open' && pull.head.ref === branch)
    .filter(({ pull }) => pull.head.repository.id === repository.id)
}

async function moveHead(
  world: World,
  base: Repository,
  pull: Pull,
  user: User,
  after: string,
): Promise<void> {
  await inTurn(base, () => setPullHead(base, pull, after))
  const before = pull.head.sha
  pull.head.sha = after
  pull.updatedAt = now()
  const change = { repository: fullNameOf(base), id: pull.number, state: pull.state }
  tell(world, { what: 'pull request synchronized', ...change })
  announcePull(world, base, user, pull, 'synchronize', { before, after })
}

/** Keeps `refs/pull/N/head` in the base repository, fetching the commits of a fork. */
export async function setPullHead(base: Repository, pull: Pick<Pull, 'number' | 'head'>, sha: string) {
  const ref = `refs/pull/${pull.number}/head`
  if (pull.head.repository.id === base.id) {
    await git(base.gitDir, ['update-ref', ref, sha])
    return
  }
  await git(base.gitDir, ['fetch', '--quiet', '--no-tags', pull.head.repository.gitDir, `+${sha}:${ref}`])
}
