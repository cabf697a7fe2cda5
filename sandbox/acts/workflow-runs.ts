import { resolveCommit } from '../git/read.ts'
import { announceProtectionRule } from '../hooks/protection-rule.ts'
import { notFound } from '../refusal.ts'
import type { DeploymentState, Repository, User, WorkflowRun } from '../state.ts'
import {
  ACTIONS_APP,
  fullNameOf,
  inTurn,
  nextId,
  now,
  repositoryNamed,
  tell,
  userNamed,
  type World,
} from '../world.ts'
import { updateCheckRun } from './checks.ts'
import { createDeployment, createDeploymentStatus } from './deployments.ts'

type By = { user?: string }

export interface WorkflowRequest {
  environment?: string
  ref?: string
  event?: string
}

/** What becomes of workflows of GitHub Actions that deploy. */
export interface WorkflowActs {
  /** What an environment asks for before a job may deploy to it. */
  protectEnvironment(fullName: string, name: string, rules?: { custom?: boolean; reviewers?: boolean }): void
  /** Begins a workflow whose one job deploys: it waits for the rules of its environment. */
  startWorkflow(fullName: string, request?: WorkflowRequest & By): Promise<WorkflowRun>
  rerunWorkflow(fullName: string, id: number, by?: By): Promise<WorkflowRun>
  /** The people who must agree do. */
  agreeToWorkflow(fullName: string, id: number): void
  cancelWorkflow(fullName: string, id: number): void
  /** Its job ends. */
  endWorkflow(fullName: string, id: number, conclusion?: 'success' | 'failure'): void
  workflowRun(fullName: string, id: number): WorkflowRun
}

export function workflowActsOf(world: World): WorkflowActs {
  const at = (fullName: string) => repositoryNamed(world, fullName)
  const who = (by: By | undefined) => userNamed(world, by?.user ?? 'octocat')
  return {
    protectEnvironment: (fullName, name, { custom = true, reviewers = false } = {}) => {
      at(fullName).environmentRules.set(name.toLowerCase(), { name, id: nextId(world), custom, reviewers })
    },
    startWorkflow: (fullName, request = {}) => start(world, at(fullName), who(request), request),
    rerunWorkflow: async (fullName, id, by) => {
      const run = runOf(at(fullName), id)
      Object.assign(run, await newAttempt(world, at(fullName), run, who(by)), { attempt: run.attempt + 1 })
      await waitForRules(world, at(fullName), run)
      return run
    },
    agreeToWorkflow: (fullName, id) => pass(world, at(fullName), runOf(at(fullName), id), 'reviewers'),
    cancelWorkflow: (fullName, id) =>
      end(world, at(fullName), runOf(at(fullName), id), 'cancelled', 'failure'),
    endWorkflow: (fullName, id, conclusion = 'success') =>
      end(world, at(fullName), runOf(at(fullName), id), conclusion, conclusion),
    workflowRun: (fullName, id) => runOf(at(fullName), id),
  }
}

export function runOf(repository: Repository, id: number): WorkflowRun {
  const run = repository.workflowRuns.find((each) => each.id === id)
  if (!run) throw notFound()
  return run
}

async function start(
  world: World,
  repository: Repository,
  user: User,
  { environment = 'production', ref = repository.defaultBranch, event = 'push' }: WorkflowRequest,
): Promise<WorkflowRun> {
  const sha = await inTurn(repository, () => resolveCommit(repository.gitDir, ref))
  if (!sha) throw new Error(`${repository.name} has no commit ${ref}`)
  const suite = { id: nextId(world), app: ACTIONS_APP, sha, branch: ref, at: now() }
  const about = { id: nextId(world), event, sha, branch: ref, suite, environment, actor: user, at: now() }
  const run: WorkflowRun = { attempt: 1, ...about, ...(await newAttempt(world, repository, about, user)) }
  repository.workflowRuns.push(run)
  await waitForRules(world, repository, run)
  return run
}

type Attempted = Pick<WorkflowRun, 'id' | 'sha' | 'suite' | 'environment'>

/** A new attempt has a job and a deployment of its own. */
async function newAttempt(world: World, repository: Repository, run: Attempted, triggeredBy: User) {
  const { sha, suite, environment } = run
  const deployment = await createDeployment(
    world,
    repository,
    triggeredBy,
    { ref: sha, environment, auto_merge: false, required_contexts: [] },
    { workflowRun: true },
  )
  if ('message' in deployment) throw new Error(deployment.message)
  const job = {
    ...{ id: nextId(world), suite, name: 'deploy', sha, conclusion: null, externalId: '', detailsUrl: null },
    status: 'queued' as const,
    output: { title: null, summary: null, text: null },
    startedAt: now(),
    completedAt: null,
  }
  repository.checkRuns.push(job)
  const waitsFor = new Set<'custom' | 'reviewers'>()
  const fresh = { status: 'waiting' as const, conclusion: null, reports: [], waitsFor, updatedAt: now() }
  return { ...fresh, triggeredBy, deployment, job }
}

async function waitForRules(world: World, repository: Repository, run: WorkflowRun): Promise<void> {
  const rule = repository.environmentRules.get(run.environment.toLowerCase())
  if (rule?.custom) run.waitsFor.add('custom')
  if (rule?.reviewers) run.waitsFor.add('reviewers')
  if (run.waitsFor.size === 0) return begin(world, repository, run)
  updateCheckRun(world, repository, run.triggeredBy, run.job, { status: 'waiting' })
  say(world, repository, run, 'waiting')
  changed(world, repository, run)
  if (rule?.custom) announceProtectionRule(world, repository, run)
}

/** One of the rules of its environment is content; when all are, it begins. */
export function pass(world: World, repository: Repository, run: WorkflowRun, rule: 'custom' | 'reviewers') {
  run.waitsFor.delete(rule)
  if (run.status === 'waiting' && run.waitsFor.size === 0) begin(world, repository, run)
}

function begin(world: World, repository: Repository, run: WorkflowRun): void {
  run.status = 'in_progress'
  updateCheckRun(world, repository, run.triggeredBy, run.job, { status: 'in_progress' })
  say(world, repository, run, 'in_progress')
  changed(world, repository, run)
}

/** Ends a run, with what its deployment is said to have come to. */
export function end(
  world: World,
  repository: Repository,
  run: WorkflowRun,
  conclusion: string,
  state: DeploymentState,
): void {
  run.status = 'completed'
  run.conclusion = conclusion
  run.waitsFor.clear()
  say(world, repository, run, state)
  updateCheckRun(world, repository, run.triggeredBy, run.job, { conclusion })
  changed(world, repository, run)
}

function say(world: World, repository: Repository, run: WorkflowRun, state: DeploymentState): void {
  const page = `${world.url}/${fullNameOf(repository)}/actions/runs/${run.id}/job/${run.job.id}`
  createDeploymentStatus(world, repository, userNamed(world, 'github-actions[bot]'), run.deployment, {
    state,
    log_url: page,
  })
}

function changed(world: World, repository: Repository, run: WorkflowRun): void {
  run.updatedAt = now()
  const change = { repository: fullNameOf(repository), id: run.id, state: run.conclusion ?? run.status }
  tell(world, { what: 'workflow run changed', ...change })
}
