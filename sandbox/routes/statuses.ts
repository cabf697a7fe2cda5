import { type CommitStatusRequest, createCommitStatus } from '../acts/checks.ts'
import type { Handler } from '../api.ts'
import { combinedState, latestStatuses, presentCommitStatus } from '../present/checks.ts'
import { presentRepository } from '../present/repository.ts'
import { apiUrlOf } from '../world.ts'
import { answerPage, bodyOf, commitOf, created, page, repositoryOf } from './call.ts'

export const statuses: Record<string, Handler> = {
  'repos/create-commit-status': async (call) => {
    const repository = repositoryOf(call)
    const sha = await commitOf(repository, call.params.sha)
    const status = createCommitStatus(
      call.world,
      repository,
      call.user,
      sha,
      bodyOf<CommitStatusRequest>(call),
    )
    return created(presentCommitStatus(call.world, repository, status))
  },

  'repos/get-combined-status-for-ref': async (call) => {
    const repository = repositoryOf(call)
    const sha = await commitOf(repository, call.params.ref)
    const latest = latestStatuses(repository, sha)
    const { items, headers } = page(call, latest)
    const commitUrl = apiUrlOf(call.world, repository, `/commits/${sha}`)
    const body = {
      state: combinedState(latest),
      statuses: items.map((status) => presentCommitStatus(call.world, repository, status)),
      sha,
      total_count: latest.length,
      repository: presentRepository(call.world, repository),
      commit_url: commitUrl,
      url: `${commitUrl}/status`,
    }
    return { status: 200, body, headers }
  },

  'repos/list-commit-statuses-for-ref': async (call) => {
    const repository = repositoryOf(call)
    const sha = await commitOf(repository, call.params.ref)
    const newestFirst = repository.statuses.filter((status) => status.sha === sha).reverse()
    return answerPage(call, newestFirst, (status) => presentCommitStatus(call.world, repository, status))
  },
}
