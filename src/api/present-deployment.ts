import type { DeploymentRecord } from '../deployments/record.ts'
import type { PresentedDeployment } from './schema/deployment.ts'

/** Addresses of pages, without a slash at the end. */
export interface Places {
  publicUrl: string
  githubUrl: string
}

/** A deployment as the API gives it. Pure; `name` is the `owner/name` that its repository has now. */
export function presentDeployment(
  record: DeploymentRecord,
  name: string,
  { publicUrl, githubUrl }: Places,
): PresentedDeployment {
  const self = `${publicUrl}/api/deployments/${name}/${record.id}`
  return {
    id: record.id,
    repository: name,
    repositoryId: record.repository.id,
    environment: record.environment,
    ref: record.ref,
    sha: record.sha,
    task: record.task,
    state: record.state,
    description: record.description,
    creator: record.creator,
    deployUser: record.deployUser ?? null,
    pullRequest: record.pullRequest ?? null,
    branch: record.branch ?? null,
    tag: record.tag ?? null,
    rollbackOf: record.rollbackOf ?? null,
    rolledBackBy: record.rolledBackBy ?? null,
    promotedFrom: record.promotedFrom ?? null,
    retryOf: record.retryOf ?? null,
    request: record.request ?? null,
    changedAt: record.changedAt ?? null,
    cancelledBy: record.cancelledBy ?? null,
    overriddenBy: record.overriddenBy ?? null,
    workflowRun: record.workflowRun ?? null,
    production: record.production,
    transient: record.transient,
    tries: record.tries,
    worker: record.worker ?? null,
    rules: record.rules ?? null,
    delivery: record.delivery,
    createdAt: isoTime(Date.parse(record.createdAt)),
    acceptedAt: isoTime(record.acceptedAt),
    startedAt: isoTime(record.startedAt),
    deployedAt: isoTime(record.deployedAt),
    verifiedAt: isoTime(record.verifiedAt),
    finishedAt: isoTime(record.finishedAt),
    urls: {
      self,
      log: `${self}/log`,
      // GitHub has a page for the deployments of an environment, none for a single one.
      github:
        record.workflowRun === undefined
          ? `${githubUrl}/${name}/deployments/${encodeURIComponent(record.environment)}`
          : `${githubUrl}/${name}/actions/runs/${record.workflowRun}`,
    },
  }
}

/** A time in ISO 8601; null for none, or for what is no time. */
export function isoTime(ms: number | undefined): string | null {
  return ms === undefined || Number.isNaN(new Date(ms).getTime()) ? null : new Date(ms).toISOString()
}
