import type { Deployment, Repository } from '../../src/jobs/job.ts'
import type { TraceContext } from '../../src/tracing/tracing.ts'
import type { Term } from '../lease.ts'

/** One run of a deployment, as an executor sees it. */
export interface Run {
  repository: Repository
  deployment: Deployment
  /** The deployment's payload as GitHub has it, for executors that ask for it (./uses-payload.ts). */
  payload?: unknown
  /** Aborted when the run must stop: its lane was lost, it was cancelled, the worker ends. */
  signal: AbortSignal
  /** How long it may go on unless that is extended: for what would outlive this process, or not hear it while it is paused. */
  term?: Term | undefined
  /** Where in a trace it runs, for what it starts or calls; undefined: nobody traces it. */
  trace?: TraceContext | undefined
  /** Adds a line to the deployment's log. */
  log(line: string): void
}

/** How a run ended: its own fault is `failure`. An executor that throws could not run it: `error`. */
export interface Outcome {
  state: 'success' | 'failure'
  /** One sentence for GitHub; cut at 140 code points. */
  description: string
}

/** Does the work of a deployment. It knows neither GitHub nor Redis. */
export type Executor = (run: Run) => Promise<Outcome>
