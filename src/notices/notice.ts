import type { AskedIn } from '../deployments/asked-in.ts'
import { deploymentStates } from '../deployments/states.ts'
import type { Repository } from '../jobs/job.ts'
import type { ChangedCommit } from '../overview/overview.ts'

/** What there is to tell: a deployment's new state, or that none was made (`skipped`: red CI, and the like). */
export const noticeStates = [...deploymentStates, 'skipped'] as const
export type NoticeState = (typeof noticeStates)[number]

/**
 * Something that happened, with all that a text about it may say. It waits in the queues of those who are to be told, so it holds
 * no secret. Its texts come from outside: titles, names and descriptions are whatever somebody wrote.
 */
export interface Notice {
  /** What it is about, the same each time it is made: two of one id are one. */
  id: string
  state: NoticeState
  repository: Repository
  environment: string
  /** Milliseconds since 1970. */
  at: number
  /** Nothing for `skipped`. */
  deployment?: number
  sha: string
  ref: string
  task: string
  /** Who asked for it: a login, or the name of a token. */
  by: string
  /** Whether `by` is somebody's login at GitHub. */
  byPerson: boolean
  /** What it is, in the deployment's own words. */
  what: string
  /** What its status says: what it waits for, the reason of a failure, how it went. */
  description: string
  pullRequest?: number
  rollbackOf?: number
  /** From `in_progress` to its end, and how long a success usually takes there. */
  tookMs?: number
  usualMs?: number
  /** What it brings that was not there before; `more` are those that are not listed. */
  changes?: { base: string; total: number; commits: readonly ChangedCommit[] }
  /** On a failure: the logins of those whose change it is. */
  authors?: readonly string[]
  /** The chat room it was asked for in, and who asked, as hubot-deploy's payload names them. */
  askedIn?: AskedIn
  /** Addresses of pages; what there is none of is left out. */
  urls: {
    /** The deployment's page, with its log. */
    log?: string
    repository: string
    commit: string
    compare?: string
    pullRequest?: string
    /** Where what was deployed is to be seen. */
    environment?: string
    why: string
  }
}
