import { announceReview } from '../hooks/review-event.ts'
import { notFound } from '../refusal.ts'
import type { Pull, Repository, Review, User } from '../state.ts'
import { nextId, now, type World } from '../world.ts'
import { tellPull } from './pulls.ts'

/** Reviews the head of a pull request. */
export function review(
  world: World,
  repository: Repository,
  user: User,
  pull: Pull,
  state: Review['state'],
): Review {
  const made = { id: nextId(world), user, state, body: '', sha: pull.head.sha, at: now() }
  pull.reviews.push(made)
  tellPull(world, repository, pull, 'reviewed')
  announceReview(world, repository, user, pull, made, 'submitted')
  return made
}

/** Takes a review back. */
export function dismissReview(
  world: World,
  repository: Repository,
  user: User,
  pull: Pull,
  id: number,
): void {
  const found = pull.reviews.find((each) => each.id === id)
  if (!found) throw notFound()
  found.state = 'DISMISSED'
  tellPull(world, repository, pull, 'review dismissed')
  announceReview(world, repository, user, pull, found, 'dismissed')
}
