import type { Pull, Repository, Review } from '../state.ts'
import { apiUrlOf, fullNameOf, type World } from '../world.ts'
import { isoSeconds, nodeId, presentUser } from './common.ts'
import { association } from './pull.ts'

export function presentReview(world: World, repository: Repository, pull: Pull, review: Review) {
  const url = apiUrlOf(world, repository, `/pulls/${pull.number}`)
  const htmlUrl = `${world.url}/${fullNameOf(repository)}/pull/${pull.number}#pullrequestreview-${review.id}`
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: presentUser(world, review.user),
    body: review.body,
    state: review.state,
    html_url: htmlUrl,
    pull_request_url: url,
    author_association: association(repository, review.user),
    _links: { html: { href: htmlUrl }, pull_request: { href: url } },
    submitted_at: isoSeconds(review.at),
    commit_id: review.sha,
  }
}
