import { git } from '../git/git.ts'
import { readRefs, resolveCommit } from '../git/read.ts'
import { announceTag } from '../hooks/pushes.ts'
import type { Repository, Tag, User } from '../state.ts'
import { fullNameOf, inTurn, tell, type World } from '../world.ts'
import { authorOf } from './repositories.ts'

export interface TagRequest {
  name: string
  /** What is tagged: the head of the default branch unless given. */
  at?: string
  /** Makes it an annotated tag, with a message and an object of its own. */
  message?: string
}

/** Makes a tag, or moves it, and pushes it. Gives the sha of the tag's object. */
export async function pushTag(
  world: World,
  repository: Repository,
  user: User,
  { name, at, message }: TagRequest,
): Promise<string> {
  const { gitDir } = repository
  const known = new Map(repository.tags)
  await inTurn(repository, async () => {
    const sha = await resolveCommit(gitDir, at ?? repository.defaultBranch)
    if (!sha) throw new Error(`${repository.name} has no commit ${at}`)
    const author = authorOf(user)
    const date = `${Math.floor(Date.now() / 1000)} +0000`
    const head = `object ${sha}\ntype commit\ntag ${name}\ntagger ${author.name} <${author.email}> ${date}`
    const object =
      message === undefined ? sha : await git(gitDir, ['mktag'], { input: `${head}\n\n${message}\n` })
    await git(gitDir, ['update-ref', `refs/tags/${name}`, object])
    repository.tags = (await readRefs(gitDir)).tags
  })
  await tagsMoved(world, repository, user, known)
  return repository.tags.get(name)?.object ?? ''
}

export async function deleteTag(
  world: World,
  repository: Repository,
  user: User,
  name: string,
): Promise<void> {
  const known = new Map(repository.tags)
  await inTurn(repository, async () => {
    await git(repository.gitDir, ['update-ref', '-d', `refs/tags/${name}`])
    repository.tags.delete(name)
  })
  await tagsMoved(world, repository, user, known)
}

/** GitHub tells nothing of tags that are pushed together if they are more than this. */
const mostTags = 3

/** Tells the world which tags were made, moved or deleted by one push. */
export async function tagsMoved(
  world: World,
  repository: Repository,
  user: User,
  known: ReadonlyMap<string, Tag>,
): Promise<void> {
  const now = repository.tags
  const moved = [...new Set([...known.keys(), ...now.keys()])]
    .map((name) => ({ name, before: known.get(name) ?? null, after: now.get(name) ?? null }))
    .filter(({ before, after }) => before?.object !== after?.object)
  for (const { name, after } of moved) {
    tell(world, {
      what: 'tag pushed',
      repository: fullNameOf(repository),
      id: name,
      state: after?.object ?? '',
    })
  }
  if (moved.length > mostTags) return
  for (const { name, before, after } of moved) await announceTag(world, repository, user, name, before, after)
}
