import type { DeploymentState } from '../github/deployments.ts'
import type { Repository } from '../jobs/job.ts'
import type { AskedIn } from './asked-in.ts'

/** What is known of a deployment. Times are milliseconds since 1970, by Redis's clock. */
export interface DeploymentRecord {
  id: number
  repository: Repository
  environment: string
  ref: string
  sha: string
  task: string
  description: string
  creator: string
  deployUser?: string
  pullRequest?: number
  /** The branch, and the tag, that it is of, where its payload says. */
  branch?: string
  tag?: string
  /** The deployment that it rolls back. */
  rollbackOf?: number
  /** The deployment to another environment whose success it was made for. */
  promotedFrom?: number
  /** The deployment whose commit it deploys again. */
  retryOf?: number
  /** Who asked for it through us: the id in src/operations/requests.ts, which was found to be of it. */
  request?: string
  /** When the change was merged or pushed, in ISO 8601. */
  changedAt?: string
  /** Why it was made, if its task is to lock or unlock. */
  reason?: string
  /** The chat room that it was asked for in. */
  askedIn?: AskedIn
  /** What the chat calls the app, and the hosts that were named: whoever may create deployments may write anything there. */
  app?: string
  hosts?: string
  /** The run of GitHub Actions that deploys it, and its attempt once GitHub has said which: we only decide whether it may. */
  workflowRun?: number
  runAttempt?: number
  production: boolean
  transient: boolean
  createdAt: string
  acceptedAt: number
  state: DeploymentState
  startedAt?: number
  finishedAt?: number
  /** When its work was done, if it was then to be verified: whatever happens after it, it is not done again. */
  deployedAt?: number
  /** What the work said of itself then. */
  outcome?: string
  /** When it had answered as it should for as long as it should, if that was asked for. */
  verifiedAt?: number
  /** The commit that is deployed again since this deployment failed. */
  rollbackTo?: string
  /** The job that does so is still to be queued. */
  rollsBack?: boolean
  /** The deployment that does so. */
  rolledBackBy?: number
  /** How many times its work was begun. */
  tries: number
  /** The worker that began it last. */
  worker?: string
  /** The digest of the rules that it was begun under last. */
  rules?: string
  /** The GUID of the delivery that asked for it. */
  delivery: string
  /** Who ended it before its time. */
  cancelledBy?: string
  /** Who let it pass soft locks, windows and freezes. */
  overriddenBy?: string
  /** Somebody wants its run to be ended: what it is to end with, and by whom, as JSON. */
  cancelAsked?: string
  /** The deployment before it in a production environment, to be made inactive after its success. */
  retires?: number
  /** GitHub's answer to the last write of a status was lost: it may have it. */
  uncertain?: boolean
  /** Why GitHub takes no more statuses of it. */
  unreportable?: string
}

/** A record as its hash in Redis has it. */
export function toRecord(hash: Record<string, string>): DeploymentRecord {
  const text = (field: string) => hash[field] ?? ''
  const optional = <T>(field: string, read: (value: string) => T) =>
    hash[field] === undefined ? {} : { [field]: read(hash[field]) }
  return {
    id: Number(hash.id),
    repository: { id: Number(hash.repositoryId), owner: text('owner'), name: text('name') },
    environment: text('environment'),
    ref: text('ref'),
    sha: text('sha'),
    task: text('task'),
    description: text('description'),
    creator: text('creator'),
    ...optional('deployUser', String),
    ...optional('pullRequest', Number),
    ...optional('branch', String),
    ...optional('tag', String),
    ...optional('rollbackOf', Number),
    ...optional('promotedFrom', Number),
    ...optional('retryOf', Number),
    ...optional('request', String),
    ...optional('changedAt', String),
    ...optional('reason', String),
    ...optional('askedIn', JSON.parse),
    ...optional('app', String),
    ...optional('hosts', String),
    ...optional('workflowRun', Number),
    ...optional('runAttempt', Number),
    production: hash.production === '1',
    transient: hash.transient === '1',
    createdAt: text('createdAt'),
    acceptedAt: Number(hash.acceptedAt),
    state: text('state') as DeploymentState,
    ...optional('startedAt', Number),
    ...optional('finishedAt', Number),
    ...optional('deployedAt', Number),
    ...optional('outcome', String),
    ...optional('verifiedAt', Number),
    ...optional('rollbackTo', String),
    ...optional('rollsBack', Boolean),
    ...optional('rolledBackBy', Number),
    tries: Number(hash.tries ?? 0),
    ...optional('worker', String),
    ...optional('rules', String),
    delivery: text('delivery'),
    ...optional('cancelledBy', String),
    ...optional('overriddenBy', String),
    ...optional('cancelAsked', String),
    ...optional('retires', Number),
    ...optional('uncertain', Boolean),
    ...optional('unreportable', String),
  }
}
