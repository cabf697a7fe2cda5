import type { LanePolicy } from '../src/deployments/lanes.ts'
import type { ProcessDeployment } from '../src/jobs/job.ts'
import type { Executor } from './executors/executor.ts'
import type { LossPolicy } from './loss-policy.ts'

/** How the deployments of an environment are run. */
export interface Rules {
  executor: Executor
  /** What happens to those that wait while another runs. */
  lane: LanePolicy
  /** What happens to one whose worker was lost. */
  onWorkerLoss: LossPolicy
}

/** The rules that a deployment runs under. */
export type RulesFor = (job: ProcessDeployment) => Rules
