import type { Comment, Label, Pull, Repository, User } from '../state.ts'
import { apiUrlOf, fullNameOf, type World } from '../world.ts'
import { isoSeconds, nodeId, presentReactions, presentUser } from './common.ts'
import { mergeableState } from './mergeable-state.ts'
import { presentRepository } from './repository.ts'

/** A pull request as lists show it. */
export function presentPull(world: World, repository: Repository, pull: Pull) {
  const url = apiUrlOf(world, repository, `/pulls/${pull.number}`)
  const issueUrl = apiUrlOf(world, repository, `/issues/${pull.number}`)
  const htmlUrl = `${world.url}/${fullNameOf(repository)}/pull/${pull.number}`
  const links = {
    self: url,
    html: htmlUrl,
    issue: issueUrl,
    comments: `${issueUrl}/comments`,
    review_comments: `${url}/comments`,
    review_comment: apiUrlOf(world, repository, '/pulls/comments{/number}'),
    commits: `${url}/commits`,
    statuses: apiUrlOf(world, repository, `/statuses/${pull.head.sha}`),
  }
  return {
    url,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: htmlUrl,
    diff_url: `${htmlUrl}.diff`,
    patch_url: `${htmlUrl}.patch`,
    issue_url: issueUrl,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    number: pull.number,
    state: pull.state,
    locked: false,
    active_lock_reason: null,
    title: pull.title,
    user: presentUser(world, pull.user),
    body: pull.body,
    labels: pull.labels.map((label) => presentLabel(world, repository, label)),
    milestone: null,
    created_at: isoSeconds(pull.at),
    updated_at: isoSeconds(pull.updatedAt),
    closed_at: isoSeconds(pull.closedAt),
    merged_at: isoSeconds(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: side(world, pull.head.repository, pull.head.ref, pull.head.sha),
    base: side(world, repository, pull.base.ref, pull.base.sha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: association(repository, pull.user),
    auto_merge: null,
    draft: pull.draft,
  }
}

/** A pull request as one request for it, and every webhook, shows it. `mergeable` is null while not known. */
export function presentFullPull(
  world: World,
  repository: Repository,
  pull: Pull,
  mergeable: boolean | null,
  behind = false,
) {
  return {
    ...presentPull(world, repository, pull),
    merged: pull.mergedAt !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeableState(repository, pull, mergeable, behind),
    merged_by: pull.mergedBy ? presentUser(world, pull.mergedBy) : null,
    comments: repository.comments.filter((comment) => comment.number === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 1,
    deletions: 0,
    changed_files: 1,
  }
}

export function presentLabel(world: World, repository: Repository, label: Label) {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: apiUrlOf(world, repository, `/labels/${encodeURIComponent(label.name)}`),
    name: label.name,
    description: '',
    color: label.color,
    default: false,
  }
}

export function presentComment(world: World, repository: Repository, comment: Comment) {
  const url = apiUrlOf(world, repository, `/issues/comments/${comment.id}`)
  return {
    url,
    html_url: `${world.url}/${fullNameOf(repository)}/pull/${comment.number}#issuecomment-${comment.id}`,
    issue_url: apiUrlOf(world, repository, `/issues/${comment.number}`),
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    user: presentUser(world, comment.user),
    created_at: isoSeconds(comment.at),
    updated_at: isoSeconds(comment.updatedAt),
    body: comment.body,
    author_association: association(repository, comment.user),
    reactions: presentReactions(url, comment.reactions),
    performed_via_github_app: null,
  }
}

function side(world: World, repository: Repository, ref: string, sha: string) {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: presentUser(world, repository.owner),
    repo: presentRepository(world, repository),
  }
}

export function association(repository: Repository, user: User): string {
  if (user.id === repository.owner.id) return 'OWNER'
  return repository.permissions.has(user.login.toLowerCase()) ? 'COLLABORATOR' : 'CONTRIBUTOR'
}
