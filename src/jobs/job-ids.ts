/*
 * The ids of jobs. Each is made of what the job is about, never of the delivery that asked for it.
 */

/** The id of the one job that makes a merged pull request's deployment, in the first environment or another. */
export function mergeJobId(repositoryId: number, pullRequest: number, environment?: string): string {
  const ofMerge = `merge-${repositoryId}-${pullRequest}`
  return environment === undefined ? ofMerge : `${ofMerge}-${safe(environment)}`
}

/** The id of the one job that makes the deployment of a pushed commit in an environment. */
export function pushJobId(repositoryId: number, sha: string, environment: string): string {
  return `push-${repositoryId}-${sha}-${safe(environment)}`
}

/** The id of the one job that makes the deployment of a tagged commit in an environment. */
export function tagJobId(repositoryId: number, sha: string, tag: string, environment: string): string {
  // Neither name has a @ any more: what is before it and what is after it is never the other's.
  return `tag-${repositoryId}-${sha}-${safe(tag)}@${safe(environment)}`
}

/** The id of the one job that makes the next deployment, in an environment, of what has succeeded in another. */
export function promotionJobId(deploymentId: number, environment: string): string {
  return `promotion-${deploymentId}-${safe(environment)}`
}

/** The id of the one job that makes the deployment which rolls another back, to a named earlier one or to the last success. */
export function rollbackJobId(deploymentId: number, to?: number): string {
  return to === undefined ? `rollback-${deploymentId}` : `rollback-${deploymentId}-to-${to}`
}

/** The id of the one job that deploys the commit of a deployment again. */
export function retryJobId(deploymentId: number): string {
  return `retry-${deploymentId}`
}

/** The id of the one job that makes the deployment which somebody asked for. */
export function requestJobId(request: string): string {
  return `request-${request}`
}

/** The id of a job whose like, of the same name, made no deployment and is asked for once more. */
export function anotherTry(jobId: string, attempt: number): string {
  // Names in ids have no @ of their own.
  return attempt === 1 ? jobId : `${jobId}@${attempt}`
}

/** BullMQ takes no `:` in an id. Percent-encoded, different names stay different; half a character is replaced. */
function safe(name: string): string {
  return encodeURIComponent(Buffer.from(name).toString())
}

/** The id of the one job that runs a deployment, or decides about it: GitHub Actions makes a new one for each attempt. */
export function deploymentJobId(deploymentId: number): string {
  return `deployment-${deploymentId}`
}

/** Whether a job of this id is in the queue of deployments. */
export function isDeploymentJob(id: string): boolean {
  return id.startsWith('deployment-')
}

/** The id of the one job that announces a deployment status. */
export function statusJobId(statusId: number): string {
  return `status-${statusId}`
}

/** The id of the one job that asks GitHub for a comparison. */
export function compareJobId(repositoryId: number, base: string, head: string): string {
  return `compare-${repositoryId}-${safe(base)}@${safe(head)}`
}

/** The id of the one job that does what a comment asks for. */
export function commandJobId(comment: number): string {
  return `command-${comment}`
}

/** The id of the one job that keeps our answer to a comment up to date. */
export function followCommandJobId(comment: number): string {
  return `follow-command-${comment}`
}

/** The id of the job that ends what waits for an installation. */
export function endWaitingJobId(installation: number, repositories: readonly number[] = []): string {
  return ['end-waiting', installation, ...repositories.slice(0, 20)].join('-')
}

/** What CI reports: each report is an event of its own. */
export type CiReport = 'status' | 'check-run' | 'check-suite' | 'workflow-run'

/**
 * The id of the job that one report of CI asks for. The same check run, suite or workflow run completes again
 * when it is run again: so how and when it did is part of the name.
 */
export function ciJobId(kind: CiReport, id: number, ...rest: (string | null)[]): string {
  return ['ci', kind, id, ...rest.map(plain)].join('-')
}

/** A text of a payload as a part of an id. */
function plain(part: string | null): string {
  return (part ?? '').replace(/[^\w.-]/g, '').slice(0, 40)
}

/** The id of the job that one change of a pull request asks for: what changed, and when it did, are part of the name. */
export function pullChangeJobId(repositoryId: number, pullRequest: number, ...change: string[]): string {
  return ['pull', repositoryId, pullRequest, ...change.map(plain)].join('-')
}

/** The id of the one job that merges a pull request when it is green. */
export function mergeWhenGreenJobId(repositoryId: number, pullRequest: number): string {
  return `merge-when-green-${repositoryId}-${pullRequest}`
}
