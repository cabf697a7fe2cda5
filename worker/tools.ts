import type { Approvals } from '../src/approvals/approvals.ts'
import type { Audit } from '../src/audit/audit.ts'
import type { Checks } from '../src/checks/checks.ts'
import type { Gates } from '../src/ci/gates.ts'
import type { CiWaiting } from '../src/ci/waiting.ts'
import type { RulesInForce } from '../src/config/rules.ts'
import type { Cancelling } from '../src/deployments/cancelling.ts'
import type { Held } from '../src/deployments/held.ts'
import type { Lanes } from '../src/deployments/lanes.ts'
import type { LastDeployed } from '../src/deployments/last-deployed.ts'
import type { Logs } from '../src/deployments/log.ts'
import type { MergeOrder } from '../src/deployments/merge-order.ts'
import type { OurAccounts } from '../src/deployments/our-accounts.ts'
import type { DeploymentRecord, Records } from '../src/deployments/record.ts'
import type { RollbackFacts } from '../src/deployments/rollback.ts'
import type { SkippedMemory } from '../src/deployments/skipped.ts'
import type { Change } from '../src/feed/feed.ts'
import type { Budget } from '../src/github/budget.ts'
import type { GitHub } from '../src/github/client.ts'
import type { ReadHoldFacts } from '../src/holds/facts.ts'
import type { Enqueue } from '../src/jobs/enqueue.ts'
import type { ProcessDeployment, Repository, RunCheck } from '../src/jobs/job.ts'
import type { Labels } from '../src/jobs/labels.ts'
import type { Pools } from '../src/jobs/pools.ts'
import type { Freezes } from '../src/locks/freezes.ts'
import type { Locks } from '../src/locks/locks.ts'
import type { Logger } from '../src/log/log.ts'
import type { Requests } from '../src/operations/requests.ts'
import type { ComparisonMemory } from '../src/overview/comparison-memory.ts'
import type { TraceMemory } from '../src/tracing/memory.ts'
import type { Tracing } from '../src/tracing/tracing.ts'
import type { Workers } from '../src/workers/roster.ts'
import type { RunCheckCommand } from './checks/command.ts'
import type { CheckReports } from './checks/reports.ts'
import type { Commanding } from './commands/tools.ts'
import type { Exclusively } from './exclusively.ts'
import type { CiLooks, GateFor } from './gate-rules.ts'
import type { Merging } from './merging/tools.ts'
import type { WorkerMetrics } from './metrics.ts'
import type { NoticeTools } from './notices/tools.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { Protection } from './protection/tools.ts'
import type { RulesFor } from './rules.ts'

/** All that handlers may touch. */
export interface Tools {
  github: GitHub
  records: Records
  /** The deployments that are not over. */
  unfinished(): Promise<DeploymentRecord[]>
  lanes: Lanes
  /** What people want to end before its time. */
  cancelling: Cancelling
  /** All that may hold a deployment back, of one moment. */
  holdFacts: ReadHoldFacts
  /** Those that something holds back before they ask for their lane. */
  held: Held
  /** All that counts when a deployment is to be rolled back. */
  rollbackFacts(from: DeploymentRecord): Promise<RollbackFacts>
  enqueue: Enqueue
  outbox: Outbox
  locks: Locks
  freezes: Freezes
  approvals: Approvals
  /** Whether soft locks, windows and freezes let a deployment pass. */
  isForced(record: DeploymentRecord): Promise<boolean>
  /** All who may have asked for a deployment: none of them may approve it. */
  askersOf(record: DeploymentRecord): Promise<string[]>
  /** In whose names a deployment was asked for, for certain. */
  speakersOf(record: DeploymentRecord): Promise<string[]>
  /** The deployment that locked or unlocked the same environment since, if this one's event came late. */
  newerLockTask(job: ProcessDeployment): Promise<number | undefined>
  /** The accounts whose payloads are believed. */
  ourAccounts: OurAccounts
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
  /** Who asked for deployments through us. */
  requests: Requests
  /** What an environment has. */
  lastDeployed: (repository: Repository, environment: string) => Promise<LastDeployed>
  gateFor: GateFor
  ciLooks: CiLooks
  checks: Checks
  checkReports: CheckReports
  checkLogs: Logs
  /** Queues the run of a check, once, for workers that have these labels. */
  queueCheck(job: RunCheck, labels: Labels): Promise<void>
  runCheckCommand: RunCheckCommand
  merging: Merging
  /** Commands in comments on pull requests. */
  commands: Commanding
  comparisons: ComparisonMemory
  /** Deployments that GitHub Actions runs. */
  protection: Protection
  /** Telling people of what happens. */
  notices: NoticeTools
  /** What is left of GitHub's rate limit. */
  budget: Budget
  /** Tells whoever watches of what no script notes itself; without it, nobody watches. */
  noteChange(change: Omit<Change, 'id'>): Promise<void>
  /** What people did through GitHub is in the trail, too. */
  audit: Audit
  metrics: Pick<WorkerMetrics, 'job' | 'run'>
  /** Is told what is done. */
  tracing: Tracing
  /** The traces that deployments belong to. */
  traces: TraceMemory
  /** This worker's name in the record. */
  worker: string
  /** What it is fit for. */
  labels: Labels
  /** Who else is there. */
  workers: Workers
  /** The queues of what asks for workers with labels. */
  pools: Pools
  leaseMs: number
  /** While a job is worked on, each line is about that job. */
  log: Logger
  /** Aborted when the worker ends and its runs have had their time. */
  ending: AbortSignal
}
