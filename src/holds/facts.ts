import { type Approval, toApprovals } from '../approvals/approvals.ts'
import { type DeploymentRecord, toRecord } from '../deployments/deployment-record.ts'
import { deploymentKeys } from '../deployments/keys.ts'
import { isOfMerge, lateMergeKey } from '../deployments/merge-order.ts'
import { toHash } from '../hash.ts'
import type { ProcessDeployment } from '../jobs/job.ts'
import { type Freeze, freezesKey, toFreezes } from '../locks/freezes.ts'
import { isInScope } from '../locks/in-scope.ts'
import { scopesAround } from '../locks/lanes-in-scope.ts'
import { type Lock, locksKey, toLocks } from '../locks/locks.ts'
import type { Redis } from '../redis/redis.ts'
import { readFacts } from './facts-script.ts'

/** What counts before a deployment may begin, all of one moment. */
export interface HoldFacts {
  /** By Redis's clock, in milliseconds since 1970. */
  nowMs: number
  /** A number that changes whenever those that are held are to look again. */
  news: string
  /** A number that changes whenever something new may hold the lane's deployments back (a lock is taken). */
  barriers: string
  record: DeploymentRecord | undefined
  /** The locks that it is under, the widest first. */
  locks: Lock[]
  /** The freezes that people declared and that it is in. */
  freezes: Freeze[]
  approvals: Approval[]
  /** The deployment that replaces it, as it was made of a merge that came too late. */
  replacedBy: number | undefined
}

/** Reads, in one step, all that may hold a deployment back. */
export type ReadHoldFacts = (job: ProcessDeployment) => Promise<HoldFacts>

type Answer = [
  nowMs: number,
  news: string,
  barriers: string,
  record: string[],
  ...jsons: [locks: string[], freezes: string[], approvals: string[]],
  replacedBy: string | null,
]

/** Opens what reads them from Redis. */
export function openHoldFacts(redis: Redis, prefix: string): ReadHoldFacts {
  const keys = deploymentKeys(prefix)
  return async ({ repository, deployment }) => {
    const { id, environment } = deployment
    const ofPeople = [locksKey(prefix), freezesKey(prefix), keys.approvals(id)]
    const late = lateMergeKey(prefix, repository.id, deployment)
    const touched = [keys.record(id), keys.lane(repository.id, environment), ...ofPeople, late]
    const scopes = scopesAround(repository.id, environment)
    const answer = (await readFacts(redis, touched, scopes)) as Answer
    const [nowMs, news, barriers, record, locks, freezes, approvals, replacedBy] = answer
    return {
      ...{ nowMs, news, barriers },
      record: record.length === 0 ? undefined : toRecord(toHash(record)),
      locks: toLocks(locks),
      freezes: toFreezes(freezes).filter(({ scope }) => isInScope(scope, repository.id, environment)),
      approvals: toApprovals(approvals),
      replacedBy: replacedBy !== null && isOfMerge(deployment) ? Number(replacedBy) : undefined,
    }
  }
}
