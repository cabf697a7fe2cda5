import { setRefs } from '../git/commit.ts'
import { mergeCommits } from '../git/merge.ts'
import { announcePull } from '../hooks/events.ts'
import { announceMergeGroup, type Destroyed } from '../hooks/merge-group.ts'
import { latestStatuses } from '../present/checks.ts'
import { isGreen } from '../present/mergeable-state.ts'
import type { MergeGroup, Repository } from '../state.ts'
import {
  type Change,
  fullNameOf,
  inTurn,
  now,
  pullNumbered,
  repositoryNamed,
  tell,
  userNamed,
  type World,
} from '../world.ts'
import { branchMoved } from './branches.ts'
import { tellPull } from './pulls.ts'
import { authorOf } from './repositories.ts'

/** A merge queue that takes pull requests one by one: what a branch requires must be green on the commit that it makes of each. */
export interface MergeQueueActs {
  /** Puts a pull request in the queue of its branch, and asks for the checks of the commit that it would become. */
  enqueuePullRequest(fullName: string, number: number): Promise<MergeGroup>
  /** Takes it out again. */
  dequeuePullRequest(fullName: string, number: number): void
}

const queueBot = 'github-merge-queue[bot]'

export function mergeQueueActsOf(world: World): MergeQueueActs {
  world.changes.on('change', ({ what, repository, id }: Change) => {
    if (what !== 'commit status created' && what !== 'check run changed') return
    const found = [...world.repositories.values()].find((each) => fullNameOf(each) === repository)
    if (found) void judge(world, found, String(id))
  })
  return {
    enqueuePullRequest: (fullName, number) => enqueue(world, repositoryNamed(world, fullName), number),
    dequeuePullRequest: (fullName, number) => {
      const repository = repositoryNamed(world, fullName)
      const group = repository.mergeGroups.find(({ pull }) => pull.number === number)
      if (group) destroy(world, repository, group, 'dequeued')
    },
  }
}

async function enqueue(world: World, repository: Repository, number: number): Promise<MergeGroup> {
  const pull = pullNumbered(repository, number)
  const base = pull.base.ref
  const group = await inTurn(repository, async () => {
    const baseSha = repository.branches.get(base) ?? ''
    const message = `Merge pull request #${number}\n`
    const author = authorOf(userNamed(world, queueBot))
    const merge = { base: baseSha, head: pull.head.sha, method: 'merge' as const, message, author }
    const headSha = await mergeCommits(repository.gitDir, merge)
    if (!headSha) throw new Error(`#${number} conflicts with ${base}`)
    const branch = `gh-readonly-queue/${base}/pr-${number}-${baseSha}`
    await setRefs(repository.gitDir, { [`refs/heads/${branch}`]: headSha })
    return { pull, base, baseSha, headSha, branch, at: now() }
  })
  repository.mergeGroups.push(group)
  announceMergeGroup(world, repository, userNamed(world, queueBot), group, 'checks_requested')
  await judge(world, repository, group.headSha)
  return group
}

/** Merges what has all that its branch requires; takes out what has failed. */
async function judge(world: World, repository: Repository, sha: string): Promise<void> {
  const group = repository.mergeGroups.find(({ headSha }) => headSha === sha)
  if (!group) return
  const protection = repository.protections.get(group.base)
  const required = [...(protection?.contexts ?? []), ...(protection?.ruleContexts ?? [])]
  const failed = latestStatuses(repository, sha).some(
    ({ context, state }) => required.includes(context) && (state === 'failure' || state === 'error'),
  )
  if (failed) return destroy(world, repository, group, 'dequeued')
  if (required.every((context) => isGreen(repository, sha, context))) await merge(world, repository, group)
}

async function merge(world: World, repository: Repository, group: MergeGroup): Promise<void> {
  const { pull, base, baseSha, headSha } = group
  const bot = userNamed(world, queueBot)
  destroy(world, repository, group, 'merged')
  await inTurn(repository, () => setRefs(repository.gitDir, { [`refs/heads/${base}`]: headSha }))
  repository.branches.set(base, headSha)
  pull.state = 'closed'
  pull.mergedAt = pull.closedAt = pull.updatedAt = now()
  pull.mergedBy = bot
  pull.mergeCommitSha = headSha
  tellPull(world, repository, pull, 'merged')
  announcePull(world, repository, bot, pull, 'closed')
  await branchMoved(world, repository, bot, base, baseSha, headSha)
}

function destroy(world: World, repository: Repository, group: MergeGroup, reason: Destroyed): void {
  repository.mergeGroups.splice(repository.mergeGroups.indexOf(group), 1)
  tell(world, {
    what: 'merge group destroyed',
    repository: fullNameOf(repository),
    id: group.headSha,
    state: reason,
  })
  announceMergeGroup(world, repository, userNamed(world, queueBot), group, 'destroyed', reason)
}
