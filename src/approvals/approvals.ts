import type { Held } from '../deployments/held.ts'
import { deploymentKeys } from '../deployments/keys.ts'
import { defaultRetention } from '../deployments/record.ts'
import type { Redis } from '../redis/redis.ts'
import { give } from './give-script.ts'

/** What somebody said of a deployment that waits for approvals. */
export interface Approval {
  /** An {@link Actor}'s name. */
  by: string
  verdict: 'approved' | 'rejected'
  comment: string
  /** Milliseconds since 1970, by Redis's clock. */
  at: number
  /** The digest of the environment's rules then: under others it is void. */
  rules: string
}

/** The approvals of deployments. A deployment's sha and environment never change, so that its id binds both. */
export interface Approvals {
  /** Notes what somebody says; what they said before is replaced. Wakes the deployment. */
  give(deploymentId: number, approval: Omit<Approval, 'at'>): Promise<Approval>
  of(deploymentId: number): Promise<Approval[]>
}

/** What is said of a deployment that is over is kept no longer than the deployment. */
const keptMs = defaultRetention.keptMs

/** Approvals as Redis has them, the oldest first. */
export function toApprovals(jsons: readonly string[]): Approval[] {
  return jsons.map((json): Approval => JSON.parse(json)).sort((a, b) => a.at - b.at)
}

/** Opens the approvals in Redis: a hash a deployment. `held` is for waking it. */
export function openApprovals(redis: Redis, prefix: string, held: Held): Approvals {
  const keys = deploymentKeys(prefix)
  return {
    async give(deploymentId, approval) {
      const touched = [keys.record(deploymentId), keys.approvals(deploymentId)]
      const args = [deploymentId, approval.by.toLowerCase(), JSON.stringify(approval), keptMs]
      const [json, repository, environment] = (await give(redis, touched, args)) as [string, string?, string?]
      if (repository !== undefined && environment !== undefined) {
        await held.wake(Number(repository), environment)
      }
      return JSON.parse(json)
    },

    async of(deploymentId) {
      return toApprovals(await redis.hvals(keys.approvals(deploymentId)))
    },
  }
}
