import type { Rules } from '../config/rules.ts'
import { decideCheckRun } from './check-run.ts'
import { decideCheckSuite } from './check-suite.ts'
import type { Decision } from './decision.ts'
import { decideDeployment } from './deployment.ts'
import { decideDeploymentProtectionRule } from './deployment-protection-rule.ts'
import { decideDeploymentStatus } from './deployment-status.ts'
import { decideInstallation, decideInstallationRepositories } from './installation.ts'
import { decideIssueComment } from './issue-comment.ts'
import { decideMergeGroup } from './merge-group.ts'
import { decidePing } from './ping.ts'
import { decidePullRequest } from './pull-request.ts'
import { decidePullRequestReview } from './pull-request-review.ts'
import { decidePush } from './push.ts'
import { decideStatus } from './status.ts'
import { decideWorkflowRun } from './workflow-run.ts'

/** One event's decision: pure. `delivery` is the GUID; throws BadRequest if the payload lacks what a job needs. */
type Decide = (payload: unknown, delivery: string, rules: Rules) => Decision

const decisions = new Map<string, Decide>([
  ['ping', decidePing],
  ['pull_request', decidePullRequest],
  ['pull_request_review', decidePullRequestReview],
  ['merge_group', decideMergeGroup],
  ['push', decidePush],
  ['deployment', decideDeployment],
  ['deployment_status', decideDeploymentStatus],
  ['deployment_protection_rule', decideDeploymentProtectionRule],
  ['status', decideStatus],
  ['check_run', decideCheckRun],
  ['check_suite', decideCheckSuite],
  ['workflow_run', decideWorkflowRun],
  ['issue_comment', decideIssueComment],
  ['installation', decideInstallation],
  ['installation_repositories', decideInstallationRepositories],
])

/** Whether it is an event of which anything is made. Pure. */
export function isHandled(event: string): boolean {
  return decisions.has(event)
}

/** From a verified event and the rules to the jobs it asks for. Pure: no clock, no network, no disk. */
export function decide(event: string, payload: unknown, delivery: string, rules: Rules): Decision {
  const decideEvent = decisions.get(event)
  return decideEvent
    ? decideEvent(payload, delivery, rules)
    : { outcome: 'ignored', reason: `Nothing is done on ${event} events.` }
}
