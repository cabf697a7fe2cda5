import { end, pass, runOf } from '../acts/workflow-runs.ts'
import type { Handler } from '../api.ts'
import { presentCustomRule, presentPending, presentWorkflowRun } from '../present/workflow-run.ts'
import { Refusal } from '../refusal.ts'
import { fullNameOf, tell } from '../world.ts'
import { bodyOf, filterOf, ok, page, repositoryOf } from './call.ts'

interface Review {
  environment_name: string
  state?: 'approved' | 'rejected'
  comment?: string
}

/** @see https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/create-custom-protection-rules */
const mostReports = 10
const longestReport = 1024

export const workflowRuns: Record<string, Handler> = {
  'actions/list-workflow-runs-for-repo': (call) => {
    const repository = repositoryOf(call)
    const wanted = filterOf(call, 'status')
    const fitting = repository.workflowRuns.filter(
      ({ status, conclusion }) => wanted === undefined || wanted === status || wanted === conclusion,
    )
    const { items, headers } = page(call, fitting.toReversed())
    const workflow_runs = items.map((run) => presentWorkflowRun(call.world, repository, run))
    return { status: 200, body: { total_count: fitting.length, workflow_runs }, headers }
  },

  'actions/get-workflow-run': (call) => {
    const repository = repositoryOf(call)
    return ok(presentWorkflowRun(call.world, repository, runOf(repository, Number(call.params.run_id))))
  },

  'actions/get-pending-deployments-for-run': (call) => {
    const repository = repositoryOf(call)
    const run = runOf(repository, Number(call.params.run_id))
    return ok(run.status === 'waiting' ? [presentPending(call.world, repository, run)] : [])
  },

  'repos/get-all-deployment-protection-rules': (call) => {
    const repository = repositoryOf(call)
    const rule = repository.environmentRules.get((call.params.environment_name ?? '').toLowerCase())
    const rules = rule?.custom ? [presentCustomRule(call.world, rule)] : []
    return ok({ total_count: rules.length, custom_deployment_protection_rules: rules })
  },

  'actions/review-custom-gates-for-run': (call) => {
    const { world } = call
    const repository = repositoryOf(call)
    const run = runOf(repository, Number(call.params.run_id))
    const { environment_name: name, state, comment = '' } = bodyOf<Review>(call)
    const isIts = name.toLowerCase() === run.environment.toLowerCase()
    if (!isIts || run.status !== 'waiting' || !run.waitsFor.has('custom')) {
      throw new Refusal(422, `No pending custom deployment protection rule for ${name}`)
    }
    if (comment.length > longestReport)
      throw new Refusal(422, 'Comment is too long (maximum is 1024 characters)')
    const reports = run.reports.filter((each) => each.state === null).length
    if (state === undefined && reports >= mostReports) {
      throw new Refusal(422, 'The maximum number of status reports was reached')
    }
    run.reports.push({ comment, state: state ?? null })
    tell(world, {
      what: 'workflow run reviewed',
      repository: fullNameOf(repository),
      id: run.id,
      state: state ?? '',
    })
    if (state === 'approved') pass(world, repository, run, 'custom')
    if (state === 'rejected') end(world, repository, run, 'failure', 'failure')
    return { status: 204 }
  },
}
