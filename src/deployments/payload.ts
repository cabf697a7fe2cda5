import { truncate } from '../text.ts'
import { type AskedIn, readAskedIn } from './asked-in.ts'

/** Who and what a deployment's payload names. */
export interface PayloadFacts {
  deployUser?: string
  pullRequest?: number
  /** The branch that it is of: it was merged into it, or pushed to it. */
  branch?: string
  /** The tag that it is of. */
  tag?: string
  /** The branch whose push the deployment was made for. */
  pushedTo?: string
  /** The deployment whose success it was made for. */
  promotedFrom?: number
  /** The deployment that it is to undo, by deploying what was there before. */
  rollbackOf?: number
  /** The deployment whose commit it is to deploy again. */
  retryOf?: number
  /** The request that it says it was made for. */
  request?: string
  /** When its change was merged or pushed, in ISO 8601. */
  changedAt?: string
  /** Why it was made, in words. */
  reason?: string
  /** It is of a pull request that was not merged when it was made. */
  unmerged?: true
  /** The chat room that it was asked for in. */
  askedIn?: AskedIn
  /** What the chat calls the app, and the hosts that it is to be deployed to, as hubot-deploy's payload names them. */
  app?: string
  hosts?: string
}

/**
 * The fields of a payload that are ours: whoever deploys through us sets others. `unmerged` is not among them: what it says of a
 * deployment is true of its retry, too, and whoever else says it has only his own success promoted nowhere.
 */
export const ourFields: readonly string[] = [
  'environment',
  'deploy_user',
  'pull_request',
  'branch',
  'tag',
  'pushed_to',
  'promoted_from',
  'rollback_of',
  'retry_of',
  'request',
  'changed_at',
]

/**
 * The facts that we know how to use in a deployment's payload. GitHub gives it back as it came: an object,
 * a JSON string, a string that was encoded twice, any other string, nothing. None of them is an error.
 */
export function readDeploymentPayload(payload: unknown): PayloadFacts {
  const value = decodePayload(payload)
  if (typeof value !== 'object' || value === null) return {}
  const facts: PayloadFacts = {}
  if ('deploy_user' in value && typeof value.deploy_user === 'string') facts.deployUser = value.deploy_user
  if ('pull_request' in value && Number.isSafeInteger(value.pull_request)) {
    facts.pullRequest = value.pull_request as number
  }
  if ('pushed_to' in value && typeof value.pushed_to === 'string') facts.pushedTo = value.pushed_to
  const branch = 'branch' in value ? value.branch : facts.pushedTo
  if (isName(branch)) facts.branch = branch
  if ('tag' in value && isName(value.tag)) facts.tag = value.tag
  const askedIn = 'notify' in value ? readAskedIn(value.notify) : undefined
  return { ...facts, ...readOrigin(value), ...(askedIn === undefined ? {} : { askedIn }), ...readApp(value) }
}

/** As hubot-deploy reads it, or a repository's full name. */
const appName = /^[0-9a-z_][-_./0-9a-z]{0,99}$/i

/** hubot-deploy writes an empty text where nobody named hosts. Others are kept, even those that cannot be used: all hosts are not meant. */
function readApp(value: object): Pick<PayloadFacts, 'app' | 'hosts'> {
  const { name, hosts } = value as { name?: unknown; hosts?: unknown }
  const isNamed = hosts !== undefined && hosts !== null && hosts !== ''
  return {
    ...(typeof name === 'string' && appName.test(name) ? { app: name } : {}),
    ...(isNamed
      ? { hosts: truncate(typeof hosts === 'string' ? hosts : JSON.stringify(hosts), longestName + 1) }
      : {}),
  }
}

/** Which deployment, request and change it came from. */
function readOrigin(value: object): PayloadFacts {
  const facts: PayloadFacts = {}
  if ('promoted_from' in value && Number.isSafeInteger(value.promoted_from)) {
    facts.promotedFrom = value.promoted_from as number
  }
  if ('rollback_of' in value && Number.isSafeInteger(value.rollback_of)) {
    facts.rollbackOf = value.rollback_of as number
  }
  if ('retry_of' in value && Number.isSafeInteger(value.retry_of)) facts.retryOf = value.retry_of as number
  if ('request' in value && isName(value.request)) facts.request = value.request
  if ('reason' in value && typeof value.reason === 'string' && value.reason.trim() !== '') {
    facts.reason = value.reason
  }
  if ('unmerged' in value && value.unmerged === true) facts.unmerged = true
  if ('changed_at' in value) {
    const changedAt = isoTimeOf(value.changed_at)
    if (changedAt !== undefined) facts.changedAt = changedAt
  }
  return facts
}

/** A time in ISO 8601 as we write it; undefined if it is none. */
export function isoTimeOf(value: unknown): string | undefined {
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(new Date(ms).getTime()) ? undefined : new Date(ms).toISOString()
}

/** What is longer is no name of a branch or tag, but a text that somebody put into a payload. */
const longestName = 255

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestName
}

/** A payload as it was meant: what is JSON in a string, even in a string in it, is that JSON; all else stays what it is. */
export function decodePayload(payload: unknown, depth = 2): unknown {
  if (typeof payload !== 'string' || depth === 0) return payload
  try {
    return decodePayload(JSON.parse(payload), depth - 1)
  } catch {
    return payload
  }
}
