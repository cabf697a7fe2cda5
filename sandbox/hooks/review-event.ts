import { presentPull } from '../present/pull.ts'
import { presentReview } from '../present/review.ts'
import type { Pull, Repository, Review, User } from '../state.ts'
import type { World } from '../world.ts'
import { announce } from './announce.ts'

export function announceReview(
  world: World,
  repository: Repository,
  sender: User,
  pull: Pull,
  review: Review,
  action: string,
): void {
  const presented = presentReview(world, repository, pull, review)
  announce(world, repository, sender, 'pull_request_review', () => ({
    action,
    // The webhook writes in small letters what the API writes in capitals.
    review: { ...presented, state: review.state.toLowerCase() },
    pull_request: presentPull(world, repository, pull),
  }))
}
