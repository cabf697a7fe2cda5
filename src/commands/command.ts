import type { DeployedPull } from '../operations/operations.ts'

/**
 * What somebody asks for in a chat or in a comment, whatever its grammar is. Each face has a grammar of its own and makes these;
 * run-command.ts does them.
 */
export type Command =
  | DeployCommand
  | (Where & { name: 'lock'; reason: string; expiresInMs?: number })
  | (Where & { name: 'unlock' })
  /** Of a deployment, or of what is in an environment now. */
  | (Which & { name: 'rollback'; reason?: string })
  /** Of a deployment, or of the one that waits in an environment. */
  | (Which & { name: 'approve' | 'reject' | 'cancel' | 'override' | 'retry'; reason?: string })
  | (Which & { name: 'promote'; to?: string })
  /** How things stand in a repository's environments, or in one. */
  | (Where & { name: 'status' })
  /** Why something is not deploying. */
  | (InEnvironment & { name: 'why' })
  /** The newest deployments. */
  | (Where & { name: 'deployments'; limit?: number })
  /** The environments that there are. */
  | { name: 'environments'; repository: string }

export interface DeployCommand extends InEnvironment {
  name: 'deploy'
  /** Undefined: the deployed branch. */
  ref?: string
  /** What the deployment's task is to be; `deploy` unless given. */
  task?: string
  /** Passes soft locks, windows and freezes; needs a reason. */
  force?: boolean
  reason?: string
  description?: string
  /** What the deployment's payload is to hold besides what is ours. */
  payload?: Record<string, unknown>
  /** The pull request that it is of. */
  pullRequest?: DeployedPull
  /** Two of one key are one wish. */
  key?: string
}

/** `owner/name`. */
interface Where {
  repository: string
  environment?: string
}

interface InEnvironment {
  repository: string
  environment: string
}

/** A deployment by its number, or by where it is. */
interface Which {
  repository: string
  deployment?: number
  environment?: string
}

/** What is answered to a command: plain text, to be escaped where it is said. */
export interface Reply {
  outcome: 'done' | 'refused'
  /** What happened, or the one reason why it did not, and what to do about it. */
  text: string
  /** More of it, a line each. */
  lines?: readonly string[]
  /** Nothing was done, since GitHub could not be asked: the same may be tried in a while. */
  later?: true
  /** The deployment that it is about, and the request for one that there is none of yet. */
  deployment?: number
  request?: string
}
