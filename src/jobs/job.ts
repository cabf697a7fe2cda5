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
  deployUser: string
  /** The pull request whose merge it is for, or came from. */
  pullRequest?: number
  /** When that was merged, if GitHub said. */
  mergedAt?: string
  /** The branch whose push it is for. */
  pushedTo?: string
  /** The deployment to another environment whose success it is for. */
  promotedFrom?: number
  /** The GUID of the delivery that asked first. */
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
}

/** Run a GitHub deployment and report each of its statuses. */
export interface ProcessDeployment {
  repository: Repository
  deployment: Deployment
  delivery: string
}

/** Tell people of a deployment's new status. */
export interface AnnounceStatus {
  repository: Repository
  deployment: { id: number; sha: string; ref: string; environment: string }
  status: { id: number; state: string; description: string; creator: string; createdAt: string }
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

/** Every kind of job by its name, with the data it carries. */
export interface Jobs {
  'start-deployment': StartDeployment
  'process-deployment': ProcessDeployment
  'announce-status': AnnounceStatus
  'ci-finished': CiFinished
  'pull-request-changed': PullRequestChanged
  'merge-when-green': MergeWhenGreen
}

export type JobName = keyof Jobs

/** A job that an event asks for. */
export type JobRequest = { [Name in JobName]: { name: Name; id: string; data: Jobs[Name] } }[JobName]

/** `owner/name`, as people write it. */
export function fullName(repository: Repository): string {
  return `${repository.owner}/${repository.name}`
}

/** The id of the one job that makes a merged pull request's deployment, in the first environment or another. */
export function mergeJobId(repositoryId: number, pullRequest: number, environment?: string): string {
  const ofMerge = `merge-${repositoryId}-${pullRequest}`
  return environment === undefined ? ofMerge : `${ofMerge}-${safe(environment)}`
}

/** The id of the one job that makes the deployment of a pushed commit in an environment. */
export function pushJobId(repositoryId: number, sha: string, environment: string): string {
  return `push-${repositoryId}-${sha}-${safe(environment)}`
}

/** The id of the one job that makes the next deployment, in an environment, of what has succeeded in another. */
export function promotionJobId(deploymentId: number, environment: string): string {
  return `promotion-${deploymentId}-${safe(environment)}`
}

/** BullMQ takes no `:` in an id. Percent-encoded, different names stay different. */
function safe(environment: string): string {
  return encodeURIComponent(environment)
}

/** The id of the one job that runs a deployment. */
export function deploymentJobId(deploymentId: number): string {
  return `deployment-${deploymentId}`
}

/** The id of the one job that announces a deployment status. */
export function statusJobId(statusId: number): string {
  return `status-${statusId}`
}

/** What CI reports: each report is an event of its own. */
export type CiReport = 'status' | 'check-run' | 'check-suite' | 'workflow-run'

/**
 * The id of the job that one report of CI asks for. The same check run, suite or workflow run completes again
 * when it is run again: so how and when it did is part of the name.
 */
export function ciJobId(kind: CiReport, id: number, ...rest: (string | null)[]): string {
  return ['ci', kind, id, ...rest.map(plain)].join('-')
}

/** A text of a payload as a part of an id. */
function plain(part: string | null): string {
  return (part ?? '').replace(/[^\w.-]/g, '').slice(0, 40)
}

/** The id of the job that one change of a pull request asks for: what changed, and when it did, are part of the name. */
export function pullChangeJobId(repositoryId: number, pullRequest: number, ...change: string[]): string {
  return ['pull', repositoryId, pullRequest, ...change.map(plain)].join('-')
}

/** The id of the one job that merges a pull request when it is green. */
export function mergeWhenGreenJobId(repositoryId: number, pullRequest: number): string {
  return `merge-when-green-${repositoryId}-${pullRequest}`
}
