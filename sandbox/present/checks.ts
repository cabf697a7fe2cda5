import type { CheckRun, CheckSuite, CommitStatus, Repository } from '../state.ts'
import { apiUrlOf, fullNameOf, type World } from '../world.ts'
import { isoSeconds, nodeId, presentApp, presentUser } from './common.ts'
import { presentRepository } from './repository.ts'

export function presentCommitStatus(world: World, repository: Repository, status: CommitStatus) {
  return {
    url: apiUrlOf(world, repository, `/statuses/${status.sha}`),
    avatar_url: `${world.url}/avatars/u/${status.creator.id}`,
    id: status.id,
    node_id: nodeId('Status', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: isoSeconds(status.at),
    updated_at: isoSeconds(status.at),
    creator: presentUser(world, status.creator),
  }
}

/** The newest status of each context of a commit. Contexts differ regardless of case. */
export function latestStatuses(repository: Repository, sha: string): CommitStatus[] {
  const latest = new Map<string, CommitStatus>()
  for (const status of repository.statuses) {
    if (status.sha === sha) latest.set(status.context.toLowerCase(), status)
  }
  return [...latest.values()].sort((a, b) => b.id - a.id)
}

/** Failure if any failed, pending if none or any is pending, else success. */
export function combinedState(statuses: CommitStatus[]): 'failure' | 'pending' | 'success' {
  if (statuses.some(({ state }) => state === 'failure' || state === 'error')) return 'failure'
  if (statuses.length === 0 || statuses.some(({ state }) => state === 'pending')) return 'pending'
  return 'success'
}

/** The newest check run of each app and name on a commit. */
export function latestCheckRuns(repository: Repository, sha: string): CheckRun[] {
  const latest = new Map<string, CheckRun>()
  for (const run of repository.checkRuns) {
    if (run.sha === sha) latest.set(`${run.suite.app.id} ${run.name}`, run)
  }
  return [...latest.values()].sort((a, b) => b.id - a.id)
}

export function presentCheckRun(world: World, repository: Repository, run: CheckRun) {
  const url = apiUrlOf(world, repository, `/check-runs/${run.id}`)
  const htmlUrl = `${world.url}/${fullNameOf(repository)}/runs/${run.id}`
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CheckRun', run.id),
    head_sha: run.sha,
    external_id: run.externalId,
    url,
    html_url: htmlUrl,
    details_url: run.detailsUrl ?? htmlUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: isoSeconds(run.startedAt),
    completed_at: isoSeconds(run.completedAt),
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suite.id },
    app: presentApp(world, run.suite.app),
    pull_requests: pullsOfSha(world, repository, run.sha),
  }
}

export function presentCheckSuite(world: World, repository: Repository, suite: CheckSuite) {
  const runs = repository.checkRuns.filter((run) => run.suite.id === suite.id)
  const url = apiUrlOf(world, repository, `/check-suites/${suite.id}`)
  const newest = runs.at(-1)
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: suite.branch,
    head_sha: suite.sha,
    ...suiteOutcome(runs),
    url,
    before: '0'.repeat(40),
    after: suite.sha,
    pull_requests: pullsOfSha(world, repository, suite.sha),
    app: presentApp(world, suite.app),
    repository: presentRepository(world, repository),
    created_at: isoSeconds(suite.at),
    updated_at: isoSeconds(newest?.completedAt ?? newest?.startedAt ?? suite.at),
    head_commit: headCommit(suite),
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
  }
}

function headCommit({ sha, at }: CheckSuite) {
  const by = { name: 'octocat', email: 'octocat@users.noreply.sandbox.test' }
  return { id: sha, tree_id: sha, message: '', timestamp: isoSeconds(at), author: by, committer: by }
}

const WORST_FIRST = ['failure', 'timed_out', 'cancelled', 'action_required', 'stale', 'success', 'neutral']

/** Status and conclusion of a suite from its newest run of each name. */
export function suiteOutcome(runs: CheckRun[]): { status: string; conclusion: string | null } {
  const newest = [...new Map(runs.map((run) => [run.name, run])).values()]
  if (newest.length === 0) return { status: 'queued', conclusion: null }
  if (newest.some((run) => run.status !== 'completed')) return { status: 'in_progress', conclusion: null }
  const conclusion = WORST_FIRST.find((worst) => newest.some((run) => run.conclusion === worst))
  return { status: 'completed', conclusion: conclusion ?? 'skipped' }
}

function pullsOfSha(world: World, repository: Repository, sha: string) {
  return [...repository.pulls.values()]
    .filter((pull) => pull.head.sha === sha && pull.head.repository.id === repository.id)
    .map((pull) => {
      const repo = { id: repository.id, url: apiUrlOf(world, repository), name: repository.name }
      return {
        id: pull.id,
        number: pull.number,
        url: apiUrlOf(world, repository, `/pulls/${pull.number}`),
        head: { ref: pull.head.ref, sha: pull.head.sha, repo },
        base: { ref: pull.base.ref, sha: pull.base.sha, repo },
      }
    })
}
