import {
  announceCheckRun,
  announceCheckSuite,
  announceCommitStatus,
  announceWorkflowRun,
} from '../hooks/events.ts'
import { suiteOutcome } from '../present/checks.ts'
import { refuseLongDescription, validationFailed } from '../refusal.ts'
import type { App, CheckRun, CheckStatus, CheckSuite, CommitStatus, Repository, User } from '../state.ts'
import { ACTIONS_APP, fullNameOf, nextId, now, tell, type World } from '../world.ts'

export interface CommitStatusRequest {
  state: CommitStatus['state']
  context?: string
  description?: string | null
  target_url?: string | null
}

const STATUSES_PER_CONTEXT = 1000

export function createCommitStatus(
  world: World,
  repository: Repository,
  user: User,
  sha: string,
  request: CommitStatusRequest,
): CommitStatus {
  const context = request.context ?? 'default'
  const earlier = repository.statuses.filter((status) => status.sha === sha && status.context === context)
  if (earlier.length >= STATUSES_PER_CONTEXT) {
    const message = `This SHA and context has reached the maximum number of statuses.`
    throw validationFailed('Status', 'context', 'custom', message)
  }
  refuseLongDescription('Status', request.description)
  const status: CommitStatus = {
    id: nextId(world),
    sha,
    state: request.state,
    context,
    description: request.description ?? null,
    targetUrl: request.target_url ?? null,
    creator: user,
    at: now(),
  }
  repository.statuses.push(status)
  tell(world, {
    what: 'commit status created',
    repository: fullNameOf(repository),
    id: sha,
    state: status.state,
  })
  announceCommitStatus(world, repository, status)
  return status
}

export interface CheckRunRequest {
  name?: string
  head_sha?: string
  status?: CheckStatus
  conclusion?: string
  external_id?: string
  details_url?: string
  output?: { title?: string; summary?: string; text?: string }
}

/** Creates a check run in the app's suite of the commit; a conclusion completes it. */
export function createCheckRun(
  world: World,
  repository: Repository,
  user: User,
  request: CheckRunRequest & { name: string; head_sha: string },
  app: App = ACTIONS_APP,
): CheckRun {
  const run: CheckRun = {
    id: nextId(world),
    suite: suiteOf(world, repository, app, request.head_sha),
    name: request.name,
    sha: request.head_sha,
    status: 'queued',
    conclusion: null,
    externalId: '',
    detailsUrl: null,
    output: { title: null, summary: null, text: null },
    startedAt: now(),
    completedAt: null,
  }
  repository.checkRuns.push(run)
  announceCheckRun(world, repository, user, run, 'created')
  updateCheckRun(world, repository, user, run, request)
  return run
}

export function updateCheckRun(
  world: World,
  repository: Repository,
  user: User,
  run: CheckRun,
  request: CheckRunRequest,
): void {
  run.name = request.name ?? run.name
  run.externalId = request.external_id ?? run.externalId
  run.detailsUrl = request.details_url ?? run.detailsUrl
  run.output = { ...run.output, ...request.output }
  const completed = request.conclusion !== undefined || request.status === 'completed'
  run.status = completed ? 'completed' : (request.status ?? run.status)
  run.conclusion = completed ? (request.conclusion ?? run.conclusion) : null
  run.completedAt = completed ? now() : null
  const change = { repository: fullNameOf(repository), id: run.sha, state: run.conclusion ?? run.status }
  tell(world, { what: 'check run changed', ...change })
  if (!completed) return
  announceCheckRun(world, repository, user, run, 'completed')
  const siblings = repository.checkRuns.filter(({ suite }) => suite.id === run.suite.id)
  if (suiteOutcome(siblings).status !== 'completed') return
  announceCheckSuite(world, repository, user, run.suite)
  announceWorkflowRun(world, repository, user, run.suite)
}

function suiteOf(world: World, repository: Repository, app: App, sha: string): CheckSuite {
  const known = repository.checkSuites.find((suite) => suite.app.id === app.id && suite.sha === sha)
  if (known) return known
  const branch = [...repository.branches].find(([, head]) => head === sha)?.[0] ?? null
  const suite = { id: nextId(world), app, sha, branch, at: now() }
  repository.checkSuites.push(suite)
  return suite
}
