import { fullName } from '../../../src/jobs/job.ts'
import type { Run } from '../executor.ts'

/** What is told of a deployment to whatever does it. */
export interface Facts {
  sha: string
  ref: string
  /** The branch or tag, where it is known, else the ref. */
  branch: string
  /** Empty if it is not of a tag. */
  tag: string
  environment: string
  /** `owner/name`. */
  repository: string
  deployment_id: number
  task: string
  creator: string
  description: string
  /** Where it is told how it went, if that is asked for. */
  callback_url?: string
}

/** The names that a template may hold. */
export const factNames = [
  ...(['sha', 'ref', 'branch', 'tag', 'environment', 'repository'] as const),
  ...(['deployment_id', 'task', 'creator', 'description'] as const),
] satisfies (keyof Facts)[]

/** Whether a name stands for a field of the deployment's payload: `payload.version`. */
export function isOfPayload(name: string): boolean {
  return name.startsWith('payload.')
}

/** The facts of a run. */
export function factsOf(
  { repository, deployment }: Pick<Run, 'repository' | 'deployment'>,
  callbackUrl?: string,
): Facts {
  const { id, sha, ref, branch, tag, environment, task, creator, description } = deployment
  return {
    sha,
    ref,
    branch: branch ?? tag ?? ref,
    tag: tag ?? '',
    environment,
    repository: fullName(repository),
    deployment_id: id,
    task,
    creator,
    description,
    ...(callbackUrl === undefined ? {} : { callback_url: callbackUrl }),
  }
}
