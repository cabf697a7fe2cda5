import { readCommits } from '../git/read.ts'
import { presentPushedCommit } from '../present/commit.ts'
import { presentRepository } from '../present/repository.ts'
import type { Repository, Tag, User } from '../state.ts'
import { fullNameOf, type World } from '../world.ts'
import { announce, subscribers } from './announce.ts'

const NO_COMMIT = '0'.repeat(40)

/** The push event; `before` or `after` is null when the ref was made or deleted. */
export async function announcePush(
  world: World,
  repository: Repository,
  sender: User,
  ref: string,
  before: string | null,
  after: string | null,
): Promise<void> {
  if (subscribers(world, repository, 'push').length === 0) return
  const range = before && after ? `${before}..${after}` : after
  const facts = range ? await readCommits(repository.gitDir, range, before ? 2048 : 1) : []
  const commits = facts.reverse().map((commit) => presentPushedCommit(world, repository, commit))
  sendPush(world, repository, sender, { ref, before, after, commits, head: commits.at(-1) ?? null })
}

/** The push event of a tag; its `after` is the tag's object, which of an annotated tag is not the commit. */
export async function announceTag(
  world: World,
  repository: Repository,
  sender: User,
  name: string,
  before: Tag | null,
  after: Tag | null,
): Promise<void> {
  if (subscribers(world, repository, 'push').length === 0) return
  const [facts] = after?.commit ? await readCommits(repository.gitDir, after.commit, 1) : []
  const head = facts ? presentPushedCommit(world, repository, facts) : null
  const [from, to] = [before?.object ?? null, after?.object ?? null]
  sendPush(world, repository, sender, {
    ref: `refs/tags/${name}`,
    before: from,
    after: to,
    commits: [],
    head,
  })
}

interface Pushed {
  ref: string
  before: string | null
  after: string | null
  commits: unknown[]
  head: unknown
}

function sendPush(world: World, repository: Repository, sender: User, pushed: Pushed): void {
  const { ref, before, after, commits, head } = pushed
  const compared = `${(before ?? NO_COMMIT).slice(0, 12)}...${(after ?? NO_COMMIT).slice(0, 12)}`
  const subject = presentRepository(world, repository)
  announce(world, repository, sender, 'push', () => ({
    ref,
    before: before ?? NO_COMMIT,
    after: after ?? NO_COMMIT,
    created: before === null,
    deleted: after === null,
    forced: false,
    base_ref: null,
    compare: `${world.url}/${fullNameOf(repository)}/compare/${compared}`,
    commits,
    head_commit: head,
    pusher: { name: sender.login, email: `${sender.login}@users.noreply.sandbox.test` },
    // In seconds since 1970: in this event only.
    repository: { ...subject, pushed_at: Math.floor(Date.now() / 1000) },
  }))
}
