import type { Repository } from '../jobs/job.ts'

/** How a check ends. */
export type CheckEnd = 'success' | 'failure' | 'error'
export type CheckState = 'pending' | 'running' | CheckEnd

/** What is known of a check. Times are milliseconds since 1970, by Redis's clock. */
export interface CheckRecord {
  id: string
  repository: Repository
  context: string
  /** The pull request that wanted it first, and its head. */
  pullRequest: number
  sha: string
  ref: string
  base: string
  fork: boolean
  author: string
  delivery: string
  /** The job that asked for this run. */
  job: string
  acceptedAt: number
  state: CheckState
  /** How it ended. */
  description?: string
  /** What it waits for, if that is not just its turn; it counts only while the check is pending. */
  waitsFor?: string
  /** The number of this run: one that was cancelled may be wanted again. */
  run: number
  /** How often a worker has begun it. */
  begun: number
  /** How many workers were lost with this run. */
  lost: number
  startedAt?: number
  finishedAt?: number
  /** The worker that began it last. */
  worker?: string
  /** It was ended because nobody waited for it any more. */
  cancelled?: boolean
  /** What GitHub has, as state and description; undefined: GitHub was not asked yet. */
  reported?: string
  /** A write of a status is under way, or its answer was lost: GitHub may have it. */
  reporting?: boolean
  /** Why GitHub takes no more statuses of it. */
  unreportable?: string
}

/** A record as its hash in Redis has it. */
export function toRecord(hash: Record<string, string>): CheckRecord {
  const text = (field: string) => hash[field] ?? ''
  const optional = <T>(field: string, read: (value: string) => T) =>
    hash[field] === undefined ? {} : { [field]: read(hash[field]) }
  return {
    id: text('id'),
    repository: { id: Number(hash.repositoryId), owner: text('owner'), name: text('name') },
    context: text('context'),
    pullRequest: Number(hash.pullRequest),
    sha: text('sha'),
    ref: text('ref'),
    base: text('base'),
    fork: hash.fork === '1',
    author: text('author'),
    delivery: text('delivery'),
    job: text('job'),
    acceptedAt: Number(hash.acceptedAt),
    state: text('state') as CheckState,
    run: Number(hash.run),
    begun: Number(hash.fence),
    lost: Number(hash.lost),
    ...optional('description', String),
    ...optional('waitsFor', String),
    ...optional('startedAt', Number),
    ...optional('finishedAt', Number),
    ...optional('worker', String),
    ...optional('cancelled', Boolean),
    ...optional('reported', String),
    ...optional('reporting', Boolean),
    ...optional('unreportable', String),
  }
}

/** Whether a check in this state is over. */
export function isCheckOver(state: CheckState): state is CheckEnd {
  return state !== 'pending' && state !== 'running'
}
