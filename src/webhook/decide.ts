import type { Rules } from '../config/rules.ts'
import type { Decision } from './decision.ts'
import { decideCheckRun } from './events/check-run.ts'
import { decideCheckSuite } from './events/check-suite.ts'
import { decideDeployment } from './events/deployment.ts'
import { decideDeploymentStatus } from './events/deployment-status.ts'
import { decidePing } from './events/ping.ts'
import { decidePullRequest } from './events/pull-request.ts'
import { decidePush } from './events/push.ts'
import { decideStatus } from './events/status.ts'
import { decideWorkflowRun } from './events/workflow-run.ts'

/** One event's decision: pure. `delivery` is the GUID; throws BadRequest if the payload lacks what a job needs. */
type Decide = (payload: unknown, delivery: string, rules: Rules) => Decision

const decisions = new Map<string, Decide>([
  ['ping', decidePing],
  ['pull_request', decidePullRequest],
  ['push', decidePush],
  ['deployment', decideDeployment],
  ['deployment_status', decideDeploymentStatus],
  ['status', decideStatus],
  ['check_run', decideCheckRun],
  ['check_suite', decideCheckSuite],
  ['workflow_run', decideWorkflowRun],
])

/** From a verified event and the rules to the jobs it asks for. Pure: no clock, no network, no disk. */
export function decide(event: string, payload: unknown, delivery: string, rules: Rules): Decision {
  const decideEvent = decisions.get(event)
  return decideEvent
    ? decideEvent(payload, delivery, rules)
    : { outcome: 'ignored', reason: `Nothing is done on ${event} events.` }
}
