import type { AskedIn } from '../deployments/asked-in.ts'

/**
 * What there is to do. A job is named by what it is about, never by the delivery that asked for it:
 * a redelivery, or the same event through a second hook, is the same job.
 */

/** The repository a job is about. The id is its identity: names change. */
export interface Repository {
  id: number
  owner: string
  name: string
}

/** Make a GitHub deployment of a commit that was merged, pushed, or deployed to the environment before. */
export interface StartDeployment {
  repository: Repository
  environment: string
  /** The full sha of the commit. */
  sha: string
  description: string
  /** What its task is to be; `deploy` unless given. */
  task?: string
  deployUser: string
  /** The pull request whose merge it is for, or came from. */
  pullRequest?: number
  /** When that was merged, if GitHub said. */
  mergedAt?: string
  /** The branch that it was merged into, or that what is promoted came from. */
  branch?: string
  /** The branch whose push it is for. */
  pushedTo?: string
  /** The tag whose push it is for, or that what is promoted came from. */
  tag?: string
  /** When that was pushed: milliseconds since 1970, if GitHub said. */
  pushedAt?: number
  /** The full sha that its branch was at before: what has changed since is its own. */
  before?: string
  /** The deployment to another environment whose success it is for. */
  promotedFrom?: number
  /** The deployment to the same environment that it rolls back. */
  rollbackOf?: number
  /** The deployment to the same environment whose commit it deploys again. */
  retryOf?: number
  /** Who asked for it through us: the id in src/operations/requests.ts. A person's wish is left out for nothing but its CI. */
  request?: string
  /** When the change was merged or pushed, in ISO 8601. */
  changedAt?: string
  /** Whether it must still be the head of the pull request, which is open, when the deployment is made. */
  isHead?: boolean
  /** What else the deployment's payload is to hold; what is ours wins. */
  payload?: Record<string, unknown>
  /** The GUID of the delivery that asked first; of a person's wish, its request. */
  delivery: string
}

/** What a worker needs to know of a GitHub deployment to run it. */
export interface Deployment {
  id: number
  sha: string
  ref: string
  task: string
  environment: string
  description: string
  creator: string
  createdAt: string
  production: boolean
  transient: boolean
  deployUser?: string
  pullRequest?: number
  /** The branch, and the tag, that it is of, where its payload says. */
  branch?: string
  tag?: string
  /** The deployment that it rolls back. */
  rollbackOf?: number
  /** The deployment to another environment whose success it was made for, and the one whose commit it deploys again. */
  promotedFrom?: number
  retryOf?: number
  /** The request that its payload names: whoever may create deployments may write any there. */
  request?: string
  /** When the change was merged or pushed, in ISO 8601, where its payload says. */
  changedAt?: string
  /** Why it was made, if its task is to lock or unlock. */
  reason?: string
  /** The chat room that it was asked for in, where its payload says. */
  askedIn?: AskedIn
  /** What the chat calls the app, and the hosts that were named: whoever may create deployments may write anything there. */
  app?: string
  hosts?: string
  /** The run of GitHub Actions that deploys it: we only decide whether it may. */
  workflowRun?: number
}

/** Decide about a deployment that a run of GitHub Actions waits with, and follow it to its end. */
export interface ReviewDeployment extends ProcessDeployment {
  deployment: Deployment & { workflowRun: number }
}

/** Run a GitHub deployment and report each of its statuses. */
export interface ProcessDeployment {
  repository: Repository
  deployment: Deployment
  delivery: string
}

/** A deployment whose status is told, whoever runs it. Older jobs lack what is left out. */
export interface AnnouncedDeployment {
  id: number
  sha: string
  ref: string
  environment: string
  task?: string
  description?: string
  creator?: string
  pullRequest?: number
  rollbackOf?: number
  askedIn?: AskedIn
}

/** A deployment's status as GitHub has it. */
export interface AnnouncedStatus {
  id: number
  state: string
  description: string
  creator: string
  createdAt: string
  /** Pages that it names: its log, and where what was deployed is to be seen. */
  logUrl?: string
  environmentUrl?: string
}

/** Tell people of a deployment's new status. */
export interface AnnounceStatus {
  repository: Repository
  deployment: AnnouncedDeployment
  status: AnnouncedStatus
  delivery: string
}

/** Wake what waits for the CI of a commit: something was reported on it. */
export interface CiFinished {
  repository: Repository
  sha: string
  /** What was reported, for the log: `check run build: success`. */
  report: string
  delivery: string
}

/** The pull request that a check is asked for; of a merge group, the last that is in it. */
export interface CheckedPull {
  /** 0 if GitHub does not say which is in the merge group. */
  number: number
  /** Its commit is what the merge queue made of it: as long as that stands, it wants the check by itself. */
  mergeGroup?: true
  /** Its head: the commit that is checked, and the branch it is on. */
  sha: string
  ref: string
  /** The branch that it is to be merged into. */
  base: string
  /** Whether its head lies in another repository. */
  fork: boolean
  author: string
}

/** Have one of the repository's checks run on the head of a pull request. */
export interface Check {
  repository: Repository
  pullRequest: CheckedPull
  /** The name of the commit status. */
  context: string
  /** When the pull request was as it is here, in milliseconds since 1970: events come out of order. */
  at: number
  delivery: string
}

/** Run a check that was written down. */
export interface RunCheck {
  repository: Repository
  /** The check's id in our record. */
  check: string
  /** The number of the run: one that was cancelled may be wanted again. */
  run: number
  delivery: string
}

/** End the checks of a pull request whose outcome nobody waits for any more. */
export interface CancelChecks {
  repository: Repository
  pullRequest: number
  /** The commit of the merge group that is no more: its checks are meant, not those of the pull request's head. */
  mergeGroup?: string
  /** The head that took the place of another; undefined: the pull request was closed. */
  pushed?: { before: string; after: string }
  /** When that was, in milliseconds since 1970. */
  at: number
  delivery: string
}

/** Somebody's wish to have a pull request merged, with what it was then. */
export interface MergeAsk {
  how: 'label' | 'command'
  /** Who asked, by login. */
  by: string
  /** The head and the base that were asked about. */
  sha: string
  base: string
  /** In milliseconds since 1970: events come out of order. */
  at: number
}

/** Something about a pull request changed: what waits to merge it looks again. */
export interface PullRequestChanged {
  repository: Repository
  pullRequest: number
  /** Whether it carries the label that asks for a merge. */
  labelled: boolean
  /** The wish, if the change is one. */
  ask?: MergeAsk
  delivery: string
}

/** Merge a pull request that asks for it once it may be: the one job of this pull request, until that is over. */
export interface MergeWhenGreen {
  repository: Repository
  pullRequest: number
  /** The GUID of the delivery that it was begun for. */
  delivery: string
}

/** Do what somebody asks for in a comment on a pull request. */
export interface CommandInComment {
  repository: Repository
  pullRequest: number
  comment: {
    id: number
    /** Who wrote it, by login. */
    by: string
    /** Its first line, as it was when it was written. */
    line: string
    createdAt: string
  }
  delivery: string
}

/** Keep our answer to such a comment up to date, until there is no more to say. */
export interface FollowCommand {
  repository: Repository
  /** The id of the comment that asked. */
  comment: number
  /** The GUID of the delivery that brought it. */
  delivery: string
}

/** Ask GitHub what one commit or branch has that another has not. */
export interface Compare {
  repository: Repository
  /** A sha. */
  base: string
  /** A sha, a branch, or `HEAD`: the default branch. */
  head: string
  /** Nobody's: somebody looked. */
  delivery?: string
}

/** End the deployments that wait in repositories where we may not act any more. */
export interface EndWaiting {
  /** The login of the account. */
  owner: string
  /** The ids of the repositories; undefined: all of the account's. */
  repositories?: number[]
  /** Who took that from us. */
  by: string
  /** What the deployments end with. */
  words: string
  delivery: string
}

/** Every kind of job by its name, with the data it carries. */
export interface Jobs {
  'start-deployment': StartDeployment
  'process-deployment': ProcessDeployment
  'review-deployment': ReviewDeployment
  'announce-status': AnnounceStatus
  'ci-finished': CiFinished
  check: Check
  'run-check': RunCheck
  'cancel-checks': CancelChecks
  'pull-request-changed': PullRequestChanged
  'merge-when-green': MergeWhenGreen
  compare: Compare
  command: CommandInComment
  'follow-command': FollowCommand
  'end-waiting': EndWaiting
}

export type JobName = keyof Jobs

/** A job that an event asks for. */
export type JobRequest = { [Name in JobName]: { name: Name; id: string; data: Jobs[Name] } }[JobName]

/** `owner/name`, as people write it. */
export function fullName(repository: Repository): string {
  return `${repository.owner}/${repository.name}`
}
