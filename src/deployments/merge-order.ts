import type { Deployment, ProcessDeployment, StartDeployment } from '../jobs/job.ts'
import type { Redis } from '../redis/redis.ts'

/** A merge whose deployment was made. */
export interface DeployedMerge {
  sha: string
  /** When GitHub says that it was merged; unknown if GitHub did not say. */
  mergedAt?: string
  deployment: number
}

/**
 * In which order merges were deployed. Deployments are replaced by newer ones, and GitHub numbers them in the
 * order in which they are made: a merge that comes late, because its checks or its webhook took longer than those
 * of the next, must not put its older code over the newer.
 */
export interface MergeOrder {
  /** The newest merge of an environment whose deployment was made. */
  newest(job: StartDeployment): Promise<DeployedMerge | undefined>
  /** Notes that a merge's deployment was made, as the newest. */
  made(job: StartDeployment, deployment: number): Promise<void>
  /** Notes, before its deployment is made, that a merge came too late: another's deployment replaces it (src/holds/facts.ts reads it). */
  late(job: StartDeployment, replacedBy: number): Promise<void>
}

const rememberedMs = 24 * 3600 * 1000

/** Where the deployment is noted that replaces one, which was made of a merge that came too late. */
export function lateMergeKey(
  prefix: string,
  repositoryId: number,
  { sha, environment }: Pick<Deployment, 'sha' | 'environment'>,
): string {
  return `${prefix}:late-merge:${repositoryId}:${sha}:${environment}`
}

/** Only what we make of a merge names its pull request: whoever deploys that commit on purpose may. Pure. */
export function isOfMerge({ pullRequest, request }: ProcessDeployment['deployment']): boolean {
  return pullRequest !== undefined && request === undefined
}

/** Opens the order of merges in Redis. */
export function openMergeOrder(redis: Redis, prefix: string): MergeOrder {
  const newestKey = ({ repository, environment }: StartDeployment) =>
    `${prefix}:newest-merge:${repository.id}:${environment}`

  return {
    async newest(job) {
      const found = await redis.get(newestKey(job))
      return found === null ? undefined : JSON.parse(found)
    },

    async made(job, deployment) {
      const merge: DeployedMerge = {
        sha: job.sha,
        ...(job.mergedAt === undefined ? {} : { mergedAt: job.mergedAt }),
        deployment,
      }
      await redis.set(newestKey(job), JSON.stringify(merge), 'PX', rememberedMs)
    },

    async late(job, replacedBy) {
      await redis.set(lateMergeKey(prefix, job.repository.id, job), replacedBy, 'PX', rememberedMs)
    },
  }
}
