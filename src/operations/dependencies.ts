import type { Access } from '../access/access.ts'
import type { Approvals } from '../approvals/approvals.ts'
import type { Audit } from '../audit/audit.ts'
import type { Gates } from '../ci/gates.ts'
import type { RulesInForce } from '../config/rules.ts'
import type { Repositories } from '../deliveries/repositories.ts'
import type { Trace } from '../deliveries/trace.ts'
import type { Cancelling } from '../deployments/cancelling.ts'
import type { Held } from '../deployments/held.ts'
import type { DeploymentFilter } from '../deployments/list.ts'
import type { Logs } from '../deployments/log.ts'
import type { DeploymentRecord, Records } from '../deployments/record.ts'
import type { RollbackFacts } from '../deployments/rollback.ts'
import type { GitHub } from '../github/client.ts'
import type { Enqueue } from '../jobs/enqueue.ts'
import type { Queues } from '../jobs/queues.ts'
import type { Freezes } from '../locks/freezes.ts'
import type { Locks } from '../locks/locks.ts'
import type { Requests } from './requests.ts'

/** All that operations may touch. */
export interface OperationDependencies {
  access: Access
  audit: Audit
  rules: RulesInForce
  repositories: Repositories
  trace: Trace
  records: Records
  logs: Logs
  requests: Requests
  locks: Locks
  freezes: Freezes
  approvals: Approvals
  cancelling: Cancelling
  held: Held
  gates: Gates
  queues: Queues
  enqueue: Enqueue
  /** The newest deployments that match, newest first. */
  newest(filter: DeploymentFilter, limit: number): Promise<DeploymentRecord[]>
  /** All that counts when a deployment is to be rolled back. */
  rollbackFacts(from: DeploymentRecord): Promise<RollbackFacts>
  /** Says in a deployment's statuses what it waits for, or what was done about that. */
  sayWaiting(deploymentId: number, description: string): Promise<void>
  /** Without it, what needs GitHub says so. */
  github: GitHub | undefined
  /** How long the result of what a worker does is waited for. */
  patienceMs: number
}
