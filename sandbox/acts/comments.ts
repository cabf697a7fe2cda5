import { announceComment } from '../hooks/events.ts'
import type { Comment, Repository, User } from '../state.ts'
import { fullNameOf, nextId, now, pullNumbered, tell, type World } from '../world.ts'

/** Comments on a pull request. */
export function comment(
  world: World,
  repository: Repository,
  user: User,
  number: number,
  body: string,
): Comment {
  pullNumbered(repository, number)
  const at = now()
  const made: Comment = { id: nextId(world), number, user, body, at, updatedAt: at, reactions: [] }
  repository.comments.push(made)
  tell(world, { what: 'comment created', repository: fullNameOf(repository), id: number })
  announceComment(world, repository, made, 'created')
  return made
}

export function editComment(world: World, repository: Repository, comment: Comment, body: string): void {
  comment.body = body
  comment.updatedAt = now()
  tell(world, { what: 'comment edited', repository: fullNameOf(repository), id: comment.number })
  announceComment(world, repository, comment, 'edited')
}

export function deleteComment(world: World, repository: Repository, comment: Comment): void {
  repository.comments.splice(repository.comments.indexOf(comment), 1)
  tell(world, { what: 'comment deleted', repository: fullNameOf(repository), id: comment.number })
  announceComment(world, repository, comment, 'deleted')
}
