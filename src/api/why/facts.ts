import type { Gate } from '../../ci/gates.ts'
import type { TracedArrival } from '../../deliveries/trace-entry.ts'
import type { DeploymentRecord, RecordedStatus } from '../../deployments/record.ts'
import type { Skipped } from '../../deployments/skipped.ts'
import type { Labels } from '../../jobs/labels.ts'
import type { MergeWait } from '../../merging/waits.ts'
import type { HeldFact, HoldFacts } from './hold-facts.ts'

/** A job of this lane that no deployment's record speaks for yet. */
export interface JobFact {
  id: string
  name: 'start-deployment' | 'process-deployment' | 'review-deployment'
  state: 'waiting' | 'active' | 'delayed' | 'failed'
  /** Of the GitHub deployment that is to be run, or the pull request that is to be deployed, if it is one. */
  number?: number
  sha: string
  /** How often it was tried in vain. */
  attempts: number
  /** What the last attempt failed for. */
  failedReason?: string
  /** When it is tried again, in milliseconds since 1970, if it sleeps. */
  nextTryAt?: number
  /** What holds it back, if it waits for CI. */
  gate?: Gate
}

/** A deployment with statuses that GitHub does not have yet. */
export interface UnsentFact {
  record: DeploymentRecord
  statuses: RecordedStatus[]
  /** Its job, while there is one. */
  job?: JobFact
}

/** All that is known about one repository and environment at one moment. Times are ms since 1970. */
export interface Facts {
  /** The repository's `owner/name`, as it is now. */
  repository: string
  environment: string
  nowMs: number
  /** Whether a delivery has ever come from the repository. */
  isKnown: boolean
  /** Whether a merge into the deployed branch is deployed to this environment. */
  deploysMerges: boolean
  /** Whether a tag that is pushed would lead to a deployment. */
  deploysTags: boolean
  /** The environment that this one comes after, if it does. */
  after?: string
  /** Whether only what changes certain files is deployed. */
  hasPaths: boolean
  /** Whether the rules know the environment. */
  isEnvironment: boolean
  /** Who holds the lane; the lease of a worker that was lost has nothing left. */
  running?: { record: DeploymentRecord; leaseLeftMs: number }
  /** Those that wait in the lane, in the order of their turns. */
  waiting: DeploymentRecord[]
  /** Those that are held back, the oldest first. */
  held: HeldFact[]
  /** What holds back whatever comes. */
  holds: HoldFacts
  /** How long each deployment is held back, if it is. */
  waitMs?: number
  jobs: JobFact[]
  unsent: UnsentFact[]
  /** While GitHub is left alone by the whole fleet. */
  pause?: { reason: string; leftMs: number }
  /** How many workers are running. */
  workers: number
  /** What a worker must have to deploy here, if none that is running has it. */
  lackedLabels?: Labels
  /** Merges that CI has stopped lately, newest first. */
  stopped: Gate[]
  /** What was left out lately, newest first. */
  skipped: Skipped[]
  /** Pull requests of the repository that wait to be merged, and those that were given up lately. */
  merges: MergeWait[]
  mergesGivenUp: MergeWait[]
  /** Deliveries from the repository that could have led to a deployment and did not, newest first. */
  refused: TracedArrival[]
  /** The last deployments that are over, newest first. */
  finished: FinishedFact[]
}

/** A deployment that is over. */
export interface FinishedFact {
  record: DeploymentRecord
  /** What its last status says; undefined if that is not known any more. */
  said?: string
}
