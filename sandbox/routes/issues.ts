import { comment, editComment } from '../acts/comments.ts'
import { addLabels, removeLabel } from '../acts/pulls.ts'
import type { Handler } from '../api.ts'
import { issueOf } from '../hooks/shapes.ts'
import { isoSeconds, nodeId, presentUser } from '../present/common.ts'
import { presentComment, presentLabel } from '../present/pull.ts'
import { Refusal } from '../refusal.ts'
import type { Comment } from '../state.ts'
import { nextId, now, type World } from '../world.ts'
import { answerPage, bodyOf, byId, created, ok, pullOf, repositoryOf } from './call.ts'

type Reaction = Comment['reactions'][number]

/** Pull requests as issues: their comments, reactions and labels. */
export const issues: Record<string, Handler> = {
  'issues/get': (call) => {
    const repository = repositoryOf(call)
    return ok(issueOf(call.world, repository, pullOf(call, repository).number))
  },

  'issues/create-comment': (call) => {
    const repository = repositoryOf(call)
    const { number } = pullOf(call, repository)
    const made = comment(call.world, repository, call.user, number, bodyOf<{ body: string }>(call).body)
    return created(presentComment(call.world, repository, made))
  },

  'issues/list-comments': (call) => {
    const repository = repositoryOf(call)
    const { number } = pullOf(call, repository)
    const since = Date.parse(call.query.since ?? '1970-01-01T00:00:00Z')
    const all = repository.comments.filter((each) => each.number === number && each.updatedAt >= since)
    return answerPage(call, all, (each) => presentComment(call.world, repository, each))
  },

  'issues/get-comment': (call) => {
    const repository = repositoryOf(call)
    const found = byId(repository.comments, call.params.comment_id)
    return ok(presentComment(call.world, repository, found))
  },

  'issues/update-comment': (call) => {
    const repository = repositoryOf(call)
    const found = byId(repository.comments, call.params.comment_id)
    editComment(call.world, repository, found, bodyOf<{ body: string }>(call).body)
    return ok(presentComment(call.world, repository, found))
  },

  'reactions/create-for-issue-comment': (call) => {
    const repository = repositoryOf(call)
    const { reactions } = byId(repository.comments, call.params.comment_id)
    const { content } = bodyOf<{ content: string }>(call)
    const known = reactions.find((each) => each.content === content && each.user.id === call.user.id)
    if (known) return ok(presentReaction(call.world, known))
    const reaction = { id: nextId(call.world), user: call.user, content, at: now() }
    reactions.push(reaction)
    return created(presentReaction(call.world, reaction))
  },

  'reactions/list-for-issue-comment': (call) => {
    const repository = repositoryOf(call)
    const { reactions } = byId(repository.comments, call.params.comment_id)
    return answerPage(call, reactions, (reaction) => presentReaction(call.world, reaction))
  },

  'reactions/delete-for-issue-comment': (call) => {
    const repository = repositoryOf(call)
    const { reactions } = byId(repository.comments, call.params.comment_id)
    const known = byId(reactions, call.params.reaction_id)
    reactions.splice(reactions.indexOf(known), 1)
    return { status: 204 }
  },

  'issues/list-labels-on-issue': (call) => {
    const repository = repositoryOf(call)
    const { labels } = pullOf(call, repository)
    return answerPage(call, labels, (label) => presentLabel(call.world, repository, label))
  },

  'issues/add-labels': (call) => {
    const repository = repositoryOf(call)
    const pull = pullOf(call, repository)
    addLabels(call.world, repository, call.user, pull, labelNames(call.body))
    return ok(pull.labels.map((label) => presentLabel(call.world, repository, label)))
  },

  'issues/remove-label': (call) => {
    const repository = repositoryOf(call)
    const pull = pullOf(call, repository)
    const removed = removeLabel(call.world, repository, call.user, pull, call.params.name ?? '')
    if (!removed) throw new Refusal(404, 'Label does not exist')
    return ok(pull.labels.map((label) => presentLabel(call.world, repository, label)))
  },
}

/** GitHub takes a list of names, names as objects, or either below `labels`. */
function labelNames(body: unknown): string[] {
  if (typeof body === 'string') return [body]
  const list = Array.isArray(body) ? body : (body as { labels?: unknown[] }).labels
  return (list ?? []).map((each) => (typeof each === 'string' ? each : (each as { name: string }).name))
}

function presentReaction(world: World, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: presentUser(world, reaction.user),
    content: reaction.content,
    created_at: isoSeconds(reaction.at),
  }
}
