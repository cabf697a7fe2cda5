import type { Repository } from '../jobs/job.ts'
import type { Report } from '../protection/report.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'

/** A run of a workflow of GitHub Actions. */
export interface WorkflowRun {
  id: number
  /** The number of this attempt: it may be run again. */
  attempt: number
  /** The commit that it runs on: its checks are there. */
  sha: string
  /** The check suite that its own jobs are in. */
  suite: number | undefined
  /** `waiting`, `in_progress`, `completed` and others; the conclusion is there once it is completed. */
  status: string
  conclusion: string | undefined
  /** Who began this attempt, and who the first, by login. */
  startedBy: string
  firstStartedBy: string
}

type Given = Awaited<ReturnType<GitHub['rest']['actions']['getWorkflowRun']>>['data']

/** One run, as it is now. */
export async function readWorkflowRun(
  github: GitHub,
  { owner, name }: Repository,
  id: number,
): Promise<WorkflowRun> {
  const { data } = await github.rest.actions.getWorkflowRun({ owner, repo: name, run_id: id })
  return toRun(data)
}

/** The newest runs of a repository that wait for a protection rule. */
export async function listWaitingRuns(github: GitHub, { owner, name }: Repository): Promise<WorkflowRun[]> {
  const { data } = await github.rest.actions.listWorkflowRunsForRepo({
    owner,
    repo: name,
    status: 'waiting',
    per_page: 100,
  })
  return data.workflow_runs.map(toRun)
}

/** The names of the environments that a run waits to deploy to. */
export async function listPendingEnvironments(
  github: GitHub,
  { owner, name }: Repository,
  id: number,
): Promise<string[]> {
  const { data } = await github.rest.actions.getPendingDeploymentsForRun({ owner, repo: name, run_id: id })
  return data.flatMap(({ environment }) => environment.name ?? [])
}

/**
 * Whether an app is asked before a job may deploy to an environment, as far as that may be read. Whether it is ours, GitHub does not
 * say to a token.
 */
export async function hasCustomRule(
  github: GitHub,
  { owner, name }: Repository,
  environment: string,
): Promise<boolean> {
  const about = { owner, repo: name, environment_name: environment }
  try {
    const { data } = await github.rest.repos.getAllDeploymentProtectionRules(about)
    return (data.custom_deployment_protection_rules ?? []).some(({ enabled }) => enabled)
  } catch (error) {
    if (error instanceof GitHubRefusal) return false
    throw error
  }
}

/**
 * Tells GitHub why a run waits, or what is decided. The address is made of the run's number and the API's own: never of what a
 * payload says.
 *
 * @see https://docs.github.com/en/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run
 */
export async function reviewRun(
  github: GitHub,
  { owner, name }: Repository,
  runId: number,
  environment: string,
  { state, words }: Report,
): Promise<void> {
  const about = { owner, repo: name, run_id: runId, environment_name: environment, comment: words }
  const review = github.rest.actions.reviewCustomGatesForRun
  await (state === undefined ? review(about) : review({ ...about, state }))
}

function toRun(run: Given): WorkflowRun {
  const first = run.actor?.login ?? 'ghost'
  return {
    id: run.id,
    attempt: run.run_attempt ?? 1,
    sha: run.head_sha,
    suite: run.check_suite_id,
    status: run.status ?? '',
    conclusion: run.conclusion ?? undefined,
    startedBy: run.triggering_actor?.login ?? first,
    firstStartedBy: first,
  }
}
