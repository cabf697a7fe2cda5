import type { ProcessDeployment } from '../src/jobs/job.ts'
import type { Tracing } from '../src/tracing/tracing.ts'
import type { CiLooks, GateFor } from './gate-rules.ts'
import type { WorkerMetrics } from './metrics.ts'
import type { OpenChannelsOptions } from './notices/channel-options.ts'
import type { RunRules } from './rules.ts'

/** What a worker does otherwise than its rules and settings say. */
export interface WorkerOptions {
  /** Changes how each run is done. */
  change?: (runRules: RunRules, job: ProcessDeployment) => RunRules
  gateFor?: GateFor
  looks?: CiLooks
  /** How often a pull request that is to be merged is looked at. */
  mergePace?: CiLooks
  /** How often what a comment asked for is looked at. */
  commandPace?: CiLooks
  metrics?: WorkerMetrics
  /** Is told what is done; nobody is unless given. */
  tracing?: Tracing | undefined
  /** How patient those who are told are, and in what words they are. */
  notices?: Partial<Pick<OpenChannelsOptions, 'timing' | 'render'>>
}
