import type { Rules } from '../../src/config/rules.ts'
import { readDeploymentPayload } from '../../src/deployments/payload.ts'
import { isFinal } from '../../src/deployments/record.ts'
import { BadRequest } from '../../src/errors/bad-request.ts'
import { decide } from '../../src/events/decide.ts'
import type { ListedDeployment } from '../../src/github/recent.ts'
import type { GitHubRepository } from '../../src/github/repositories.ts'
import type { JobRequest } from '../../src/jobs/job.ts'

/** Which deployments that GitHub knows of should have come to us and did not. All of it is pure. */

/** A time from and until when things count, in milliseconds since 1970. */
export interface Window {
  from: number
  until: number
}

/** Who asked for a job that no delivery did. */
export const askedByReconciler = 'reconciler'

/** The jobs that an event asks for; none if what the API gives lacks what a job needs. */
export function jobsOf(event: string, payload: unknown, rules: Rules): JobRequest[] {
  try {
    const decision = decide(event, payload, askedByReconciler, rules)
    return decision.outcome === 'jobs' ? decision.jobs : []
  } catch (error) {
    if (error instanceof BadRequest) return []
    throw error
  }
}

/** A deployment in the window, and the job that its event would have asked for. */
export interface Candidate {
  id: number
  request: JobRequest
}

/** The deployments of the window that are ours to run, by the decision that their event would have met. */
export function findOurs(
  repository: GitHubRepository,
  deployments: ListedDeployment[],
  { from, until }: Window,
  rules: Rules,
): Candidate[] {
  return deployments
    .filter(({ created_at }) => Date.parse(created_at) >= from && Date.parse(created_at) <= until)
    .flatMap((deployment) =>
      jobsOf('deployment', { action: 'created', repository, deployment }, rules).map((request) => ({
        id: deployment.id,
        request,
      })),
    )
    .sort((a, b) => a.id - b.id)
}

/** What GitHub's statuses say of a deployment that we know nothing of. */
export type Standing = 'missing' | 'over' | 'run by another'

/**
 * Whether a deployment, of which we know nothing, waits for us. One whose statuses were all written by others is
 * being run by them: to run it too would be worse than to leave it. `statuses` is newest first.
 */
export function standingOf(id: number, statuses: { state: string; logUrl: string }[]): Standing {
  const latest = statuses[0]
  if (latest === undefined) return 'missing'
  if (isFinal(latest.state)) return 'over'
  return isReportedByUs(id, statuses) ? 'missing' : 'run by another'
}

/** Whether we have given a deployment one of its statuses. */
export function isReportedByUs(id: number, statuses: { logUrl: string }[]): boolean {
  // An older version led to the log itself.
  const ours = new RegExp(`/deployments/[^/]+/[^/]+/${id}(/log)?$`)
  return statuses.some(({ logUrl }) => ours.test(logUrl))
}

/** When we first made one of these deployments, in milliseconds since 1970; undefined if none is of our making. */
export function firstOfOurMaking(deployments: ListedDeployment[]): number | undefined {
  const times = deployments
    .filter(({ payload }) => {
      const { deployUser, pullRequest } = readDeploymentPayload(payload)
      return deployUser !== undefined && pullRequest !== undefined
    })
    .map(({ created_at }) => Date.parse(created_at))
  return times.length === 0 ? undefined : Math.min(...times)
}
