import { presentCheckRun, presentCheckSuite } from '../present/checks.ts'
import { presentDeployment, presentDeploymentStatus } from '../present/deployment.ts'
import { presentComment, presentFullPull, presentLabel } from '../present/pull.ts'
import type {
  CheckRun,
  CheckSuite,
  Comment,
  CommitStatus,
  Deployment,
  DeploymentStatus,
  Label,
  Pull,
  Repository,
  User,
} from '../state.ts'
import { ACTIONS_APP, apiUrlOf, fullNameOf, type World } from '../world.ts'
import { announce } from './announce.ts'
import { issueOf, workflowOf } from './shapes.ts'

export function announcePull(
  world: World,
  repository: Repository,
  sender: User,
  pull: Pull,
  action: string,
  more: { before?: string; after?: string; label?: Label; changes?: unknown } = {},
): void {
  announce(world, repository, sender, 'pull_request', () => ({
    action,
    number: pull.number,
    pull_request: presentFullPull(world, repository, pull, null),
    ...(more.before ? { before: more.before, after: more.after } : {}),
    ...(more.changes ? { changes: more.changes } : {}),
    ...(more.label ? { label: presentLabel(world, repository, more.label) } : {}),
  }))
}

export function announceDeployment(world: World, repository: Repository, deployment: Deployment): void {
  announce(world, repository, deployment.creator, 'deployment', () => ({
    action: 'created',
    deployment: presentDeployment(world, repository, deployment),
    ...workflowOf(world, repository, deployment),
  }))
}

/** GitHub sends nothing for the state inactive. */
export function announceDeploymentStatus(
  world: World,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
): void {
  if (status.state === 'inactive') return
  announce(world, repository, status.creator, 'deployment_status', () => ({
    action: 'created',
    deployment_status: presentDeploymentStatus(world, repository, deployment, status),
    deployment: presentDeployment(world, repository, deployment),
    check_run: null,
    ...workflowOf(world, repository, deployment),
  }))
}

export function announceCommitStatus(world: World, repository: Repository, status: CommitStatus): void {
  announce(world, repository, status.creator, 'status', () => ({
    id: status.id,
    sha: status.sha,
    name: fullNameOf(repository),
    avatar_url: `${world.url}/avatars/u/${status.creator.id}`,
    target_url: status.targetUrl,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: {
      sha: status.sha,
      url: apiUrlOf(world, repository, `/commits/${status.sha}`),
      html_url: `${world.url}/${fullNameOf(repository)}/commit/${status.sha}`,
    },
    branches: [...repository.branches]
      .filter(([, sha]) => sha === status.sha)
      .slice(0, 10)
      .map(([name, sha]) => ({
        name,
        commit: { sha, url: apiUrlOf(world, repository, `/commits/${sha}`) },
        protected: repository.protections.has(name),
      })),
    created_at: new Date(status.at).toISOString(),
    updated_at: new Date(status.at).toISOString(),
  }))
}

export function announceCheckRun(
  world: World,
  repository: Repository,
  sender: User,
  run: CheckRun,
  action: string,
): void {
  announce(world, repository, sender, 'check_run', () => ({
    action,
    check_run: presentCheckRun(world, repository, run),
  }))
}

export function announceCheckSuite(
  world: World,
  repository: Repository,
  sender: User,
  suite: CheckSuite,
): void {
  announce(world, repository, sender, 'check_suite', () => ({
    action: 'completed',
    check_suite: presentCheckSuite(world, repository, suite),
  }))
}

/** What GitHub Actions sends besides when a workflow's run has ended. */
export function announceWorkflowRun(
  world: World,
  repository: Repository,
  sender: User,
  suite: CheckSuite,
): void {
  if (suite.app.id !== ACTIONS_APP.id) return
  announce(world, repository, sender, 'workflow_run', () => ({
    action: 'completed',
    workflow_run: {
      ...presentCheckSuite(world, repository, suite),
      event: 'push',
      path: '.github/workflows/ci.yml',
    },
    workflow: { id: suite.id, name: 'CI', path: '.github/workflows/ci.yml', state: 'active' },
  }))
}

export function announceComment(
  world: World,
  repository: Repository,
  comment: Comment,
  action: string,
): void {
  announce(world, repository, comment.user, 'issue_comment', () => ({
    action,
    issue: issueOf(world, repository, comment.number),
    comment: presentComment(world, repository, comment),
  }))
}
