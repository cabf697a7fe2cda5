import type { Actor } from '../access/actor.ts'
import type { Approval } from '../approvals/approvals.ts'
import type { DeploymentState } from '../github/deployments.ts'
import type { Freeze } from '../locks/freezes.ts'
import type { Lock } from '../locks/locks.ts'
import type { Answer } from './answer.ts'

/** A place as people name it: everything without a repository, a repository without an environment. */
export interface Place {
  repository?: string | undefined
  environment?: string | undefined
}

/** A deployment that was asked for: its number once GitHub has it; until then, what it waits for is in `text`. */
export interface Asked {
  request: string
  repository: string
  environment: string
  sha: string
  deployment?: number
}

/**
 * What people do, whatever they do it through. Each is authorised, does it, and notes in the audit trail who asked, when, why
 * and through what.
 */
export interface Operations {
  /** Deploys a branch, tag or sha: resolved to a sha, through the CI gate. `force`, with a reason, passes soft locks, windows and freezes. */
  deploy(actor: Actor, wish: DeployWish): Promise<Answer<Asked>>
  /** Ends a deployment, waiting or running, on whatever worker. */
  cancel(actor: Actor, wish: DeploymentWish): Promise<Answer<{ deployment: number; state: DeploymentState }>>
  /** Deploys again what failed or was cancelled: the same commit, as a new deployment. */
  retry(actor: Actor, wish: DeploymentWish): Promise<Answer<Asked>>
  /** Deploys what worked before a deployment in its environment, or, with `to`, a named earlier one. */
  rollBack(actor: Actor, wish: DeploymentWish & { to?: number | undefined }): Promise<Answer<Asked>>
  /** Deploys the same commit to the environment that comes after, or, with `environment`, to that. */
  promote(actor: Actor, wish: DeploymentWish & { environment?: string | undefined }): Promise<Answer<Asked>>
  approve(actor: Actor, wish: DeploymentWish): Promise<Answer<{ approvals: Approval[]; required: number }>>
  reject(actor: Actor, wish: DeploymentWish): Promise<Answer<{ deployment: number; state: DeploymentState }>>
  /** Lets a deployment that waits pass soft locks, windows and freezes; the reason is needed and announced. */
  override(actor: Actor, wish: DeploymentWish): Promise<Answer<{ deployment: number }>>
  lock(actor: Actor, wish: LockWish): Promise<Answer<{ lock: Lock }>>
  /** With `id`, only that very lock. Others' locks need the role approver. */
  unlock(actor: Actor, wish: Place & { id?: string | undefined }): Promise<Answer<{ lock: Lock }>>
  freeze(actor: Actor, wish: FreezeWish): Promise<Answer<{ freeze: Freeze }>>
  thaw(actor: Actor, wish: { id: string }): Promise<Answer<{ freeze: Freeze }>>
  /** Has GitHub send a delivery again. */
  replay(actor: Actor, wish: { delivery: string }): Promise<Answer<{ delivery: string }>>
}

export interface DeployWish {
  repository: string
  ref: string
  environment: string
  /** What the deployment's task is to be; `deploy` unless given. */
  task?: string | undefined
  description?: string | undefined
  /** What the deployment's payload is to hold besides what is ours. */
  payload?: Record<string, unknown> | undefined
  force?: boolean | undefined
  /** Needed with `force`. */
  reason?: string | undefined
  /** Two wishes of one key are one: whoever is not sure to have been heard asks again with the same. */
  key?: string | undefined
  pullRequest?: DeployedPull | undefined
}

/** The pull request that a deployed commit is of. */
export interface DeployedPull {
  number: number
  branch: string
  /** It is not merged: no deployment is made unless the commit is still its head, and its success is promoted nowhere by itself. */
  isHead: boolean
}

export interface DeploymentWish {
  deployment: number
  /** `owner/name` of the path, if there was one: it must be the deployment's. */
  repository?: string | undefined
  reason?: string | undefined
}

export interface LockWish extends Place {
  reason: string
  expiresInMs?: number | undefined
  kind?: Lock['kind'] | undefined
  ownerMayDeploy?: boolean | undefined
}

export interface FreezeWish extends Place {
  /** Milliseconds since 1970; now if left out. */
  from?: number | undefined
  until: number
  reason: string
}
