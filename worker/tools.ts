import type { Checks } from '../src/checks/checks.ts'
import type { Gates } from '../src/ci/gates.ts'
import type { CiWaiting } from '../src/ci/waiting.ts'
import type { RulesInForce } from '../src/config/rules.ts'
import type { Held } from '../src/deployments/held.ts'
import type { Lanes } from '../src/deployments/lanes.ts'
import type { LastDeployed } from '../src/deployments/last-deployed.ts'
import type { Logs } from '../src/deployments/log.ts'
import type { MergeOrder } from '../src/deployments/merge-order.ts'
import type { DeploymentRecord, Records } from '../src/deployments/record.ts'
import type { RollbackFacts } from '../src/deployments/rollback.ts'
import type { SkippedMemory } from '../src/deployments/skipped.ts'
import type { Change } from '../src/feed/feed.ts'
import type { Budget } from '../src/github/budget.ts'
import type { GitHub } from '../src/github/client.ts'
import type { Enqueue } from '../src/jobs/enqueue.ts'
import type { Repository, RunCheck } from '../src/jobs/job.ts'
import type { Logger } from '../src/log.ts'
import type { ComparisonMemory } from '../src/overview/comparison-memory.ts'
import type { RunCheckCommand } from './checks/command.ts'
import type { CheckReports } from './checks/reports.ts'
import type { Exclusively } from './exclusively.ts'
import type { CiLooks, GateFor } from './gate-rules.ts'
import type { Merging } from './merging/tools.ts'
import type { Outbox } from './outbox.ts'
import type { RulesFor } from './rules.ts'

/** All that handlers may touch. */
export interface Tools {
  github: GitHub
  records: Records
  lanes: Lanes
  /** Those that something holds back before they ask for their lane. */
  held: Held
  /** All that counts when a deployment is to be rolled back. */
  rollbackFacts(from: DeploymentRecord): Promise<RollbackFacts>
  enqueue: Enqueue
  outbox: Outbox
  mergeOrder: MergeOrder
  logs: Logs
  /** What only one worker may do at a time; the key says what it is about. */
  exclusively: Exclusively
  /** The configuration, as it is now. */
  rules: RulesInForce
  rulesFor: RulesFor
  gates: Gates
  ciWaiting: CiWaiting
  /** What was left out, and why. */
  skipped: SkippedMemory
  /** What an environment has. */
  lastDeployed: (repository: Repository, environment: string) => Promise<LastDeployed>
  gateFor: GateFor
  ciLooks: CiLooks
  checks: Checks
  checkReports: CheckReports
  checkLogs: Logs
  /** Queues the run of a check, once. */
  queueCheck(job: RunCheck): Promise<void>
  runCheckCommand: RunCheckCommand
  merging: Merging
  comparisons: ComparisonMemory
  /** What is left of GitHub's rate limit. */
  budget: Budget
  /** Tells whoever watches of what no script notes itself; without it, nobody watches. */
  noteChange?: ((change: Omit<Change, 'id'>) => Promise<void>) | undefined
  /** This worker's name in the record. */
  worker: string
  leaseMs: number
  log: Logger
  /** Aborted when the worker ends and its runs have had their time. */
  ending: AbortSignal
}
