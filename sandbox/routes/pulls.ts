import { type MergeRequest, mergePull } from '../acts/merge.ts'
import { createPull, isBehind, isMergeable, setPullState } from '../acts/pulls.ts'
import type { Call, Handler } from '../api.ts'
import { presentFullPull, presentPull } from '../present/pull.ts'
import { presentReview } from '../present/review.ts'
import { validationFailed } from '../refusal.ts'
import type { MergeMethod, Pull, Repository } from '../state.ts'
import { now, repositoryNamed } from '../world.ts'
import { answerPage, bodyOf, created, filterOf, ok, pullOf, repositoryOf } from './call.ts'

interface CreatePullBody {
  title?: string
  head: string
  head_repo?: string
  base: string
  body?: string
  draft?: boolean
}

interface MergeBody {
  commit_title?: string
  commit_message?: string
  sha?: string
  merge_method?: MergeMethod
}

export const pulls: Record<string, Handler> = {
  'pulls/get': async (call) => {
    const repository = repositoryOf(call)
    return ok(await shown(call, repository, pullOf(call, repository)))
  },

  'pulls/list': (call) => {
    const repository = repositoryOf(call)
    const all = [...repository.pulls.values()].filter((pull) => fits(call, pull))
    const by = call.query.sort === 'updated' ? 'updatedAt' : 'at'
    const rising = call.query.direction === 'asc'
    const sorted = all.sort((a, b) => (rising ? a[by] - b[by] : b[by] - a[by]))
    return answerPage(call, sorted, (pull) => presentPull(call.world, repository, pull))
  },

  'pulls/create': async (call) => {
    const repository = repositoryOf(call)
    const { head, base, title, body, draft } = bodyOf<CreatePullBody>(call)
    const [branch = '', owner] = head.split(':').reverse()
    const from = owner ? repositoryNamed(call.world, `${owner}/${repository.name}`) : repository
    if (!title) throw validationFailed('PullRequest', 'title', 'missing_field')
    const request = { head: from, branch, base, title, body: body ?? null, draft: draft ?? false }
    const pull = await createPull(call.world, repository, call.user, request)
    return created(await shown(call, repository, pull))
  },

  'pulls/update': async (call) => {
    const repository = repositoryOf(call)
    const pull = pullOf(call, repository)
    const { title, body, state } = bodyOf<Partial<Pick<Pull, 'title' | 'body' | 'state'>>>(call)
    pull.title = title ?? pull.title
    pull.body = body ?? pull.body
    pull.updatedAt = now()
    if (state) setPullState(call.world, repository, call.user, pull, state)
    return ok(await shown(call, repository, pull))
  },

  'pulls/merge': async (call) => {
    const repository = repositoryOf(call)
    const body = bodyOf<MergeBody>(call)
    const request: MergeRequest = {
      method: body.merge_method ?? 'merge',
      ...(body.sha ? { sha: body.sha } : {}),
      ...(body.commit_title ? { title: body.commit_title } : {}),
      ...(body.commit_message ? { message: body.commit_message } : {}),
    }
    const sha = await mergePull(call.world, repository, call.user, pullOf(call, repository), request)
    return ok({ sha, merged: true, message: 'Pull Request successfully merged' })
  },

  'pulls/check-if-merged': (call) => {
    const repository = repositoryOf(call)
    return { status: pullOf(call, repository).mergedAt === null ? 404 : 204 }
  },

  'pulls/list-reviews': (call) => {
    const repository = repositoryOf(call)
    const pull = pullOf(call, repository)
    return answerPage(call, pull.reviews, (review) => presentReview(call.world, repository, pull, review))
  },

  'repos/list-pull-requests-associated-with-commit': (call) => {
    const repository = repositoryOf(call)
    const sha = call.params.commit_sha
    const all = [...repository.pulls.values()].filter(
      (pull) => pull.head.sha === sha || pull.mergeCommitSha === sha,
    )
    return answerPage(call, all, (pull) => presentPull(call.world, repository, pull))
  },
}

async function shown(call: Call, repository: Repository, pull: Pull) {
  const mergeable = await isMergeable(repository, pull)
  return presentFullPull(call.world, repository, pull, mergeable, await isBehind(repository, pull))
}

function fits(call: Call, pull: Pull): boolean {
  const state = call.query.state ?? 'open'
  const base = filterOf(call, 'base')
  const head = filterOf(call, 'head')
  return (
    (state === 'all' || pull.state === state) &&
    (base === undefined || pull.base.ref === base) &&
    (head === undefined || head === `${pull.head.repository.owner.login}:${pull.head.ref}`)
  )
}
