import { type CheckRunRequest, createCheckRun, updateCheckRun } from '../acts/checks.ts'
import type { Handler } from '../api.ts'
import { latestCheckRuns, presentCheckRun, presentCheckSuite } from '../present/checks.ts'
import { bodyOf, byId, commitOf, created, filterOf, ok, page, repositoryOf } from './call.ts'

export const checks: Record<string, Handler> = {
  'checks/create': async (call) => {
    const repository = repositoryOf(call)
    const body = bodyOf<CheckRunRequest & { name: string; head_sha: string }>(call)
    const head_sha = await commitOf(repository, body.head_sha)
    const run = createCheckRun(call.world, repository, call.user, { ...body, head_sha }, APP)
    return created(presentCheckRun(call.world, repository, run))
  },

  'checks/get': (call) => {
    const repository = repositoryOf(call)
    const run = byId(repository.checkRuns, call.params.check_run_id)
    return ok(presentCheckRun(call.world, repository, run))
  },

  'checks/update': (call) => {
    const repository = repositoryOf(call)
    const run = byId(repository.checkRuns, call.params.check_run_id)
    updateCheckRun(call.world, repository, call.user, run, bodyOf<CheckRunRequest>(call))
    return ok(presentCheckRun(call.world, repository, run))
  },

  'checks/list-for-ref': async (call) => {
    const repository = repositoryOf(call)
    const sha = await commitOf(repository, call.params.ref)
    const all =
      call.query.filter === 'all'
        ? repository.checkRuns.filter((run) => run.sha === sha).reverse()
        : latestCheckRuns(repository, sha)
    const fitting = all.filter(
      (run) =>
        (filterOf(call, 'check_name') ?? run.name) === run.name &&
        (filterOf(call, 'status') ?? run.status) === run.status &&
        Number(filterOf(call, 'app_id') ?? run.suite.app.id) === run.suite.app.id,
    )
    const { items, headers } = page(call, fitting)
    const check_runs = items.map((run) => presentCheckRun(call.world, repository, run))
    return { status: 200, body: { total_count: fitting.length, check_runs }, headers }
  },

  'checks/list-suites-for-ref': async (call) => {
    const repository = repositoryOf(call)
    const sha = await commitOf(repository, call.params.ref)
    const all = repository.checkSuites.filter((suite) => suite.sha === sha)
    const { items, headers } = page(call, all)
    const check_suites = items.map((suite) => presentCheckSuite(call.world, repository, suite))
    return { status: 200, body: { total_count: all.length, check_suites }, headers }
  },
}

/** The app of check runs that are made through the API. */
const APP = { id: 4567, slug: 'livraison', name: 'Livraison' }
