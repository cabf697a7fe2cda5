import type { Rules } from '../../src/config/rules.ts'
import { readDeploymentPayload } from '../../src/deployments/payload.ts'
import type { ListedDeployment, ListedPull } from '../../src/github/recent.ts'
import type { GitHubRepository } from '../../src/github/repositories.ts'
import type { JobRequest, StartDeployment } from '../../src/jobs/job.ts'
import { jobsOf } from './deployments.ts'

/** Which merges should have been deployed and were not. All of it is pure. */

export type MergeRequest = Extract<JobRequest, { name: 'start-deployment' }> & {
  data: { pullRequest: number }
}

/** A merge into an environment, and the job that its event would have asked for. */
export interface Merge {
  request: MergeRequest
  /** Milliseconds since 1970, to the second. */
  mergedAt: number
}

/** The merges since `from` that our rules deploy, the oldest first. `pulls` has the last changed first. */
export function findMerges(
  repository: GitHubRepository,
  pulls: ListedPull[],
  from: number,
  rules: Rules,
): Merge[] {
  return pulls
    .toReversed()
    .flatMap((pull) => {
      const mergedAt = Date.parse(pull.merged_at ?? '')
      if (!(mergedAt >= from)) return []
      const payload = { action: 'closed', repository, pull_request: { ...pull, merged: true } }
      return jobsOf('pull_request', payload, rules)
        .filter(isMergeRequest)
        .map((request) => ({ request, mergedAt }))
    })
    .sort((a, b) => a.mergedAt - b.mergedAt)
}

function isMergeRequest(request: JobRequest): request is MergeRequest {
  return request.name === 'start-deployment' && request.data.pullRequest !== undefined
}

/** Whether one of these is the deployment of this merge. */
export function isDeployed(merge: StartDeployment, deployments: ListedDeployment[]): boolean {
  return deployments.some(
    ({ sha, original_environment, environment, payload }) =>
      sha === merge.sha &&
      (original_environment ?? environment) === merge.environment &&
      readDeploymentPayload(payload).pullRequest === merge.pullRequest,
  )
}

/** A merge that was missed, and is to be left, since a newer one has gone its way already. */
export interface Overtaken {
  merge: Merge
  by: Merge
}

/**
 * Parts the missed merges: to be deployed, the oldest first, or overtaken. `isKnown` says whether a merge has a
 * deployment or a job; what was merged after `until` may be on its way. To deploy an overtaken one now would take the environment back in time.
 */
export function judgeMerges(
  merges: Merge[],
  isKnown: (merge: Merge) => boolean,
  until: number,
): { missing: Merge[]; overtaken: Overtaken[] } {
  const missing: Merge[] = []
  const overtaken: Overtaken[] = []
  for (const merge of merges) {
    if (isKnown(merge) || merge.mergedAt > until) continue
    const { environment } = merge.request.data
    const by = merges.findLast(
      (other) =>
        other.mergedAt > merge.mergedAt && other.request.data.environment === environment && isKnown(other),
    )
    if (by) overtaken.push({ merge, by })
    else missing.push(merge)
  }
  return { missing, overtaken }
}
