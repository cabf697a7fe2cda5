import { fullName } from '../../../src/jobs/job.ts'
import type { Run } from '../executor.ts'

/** What is told of a deployment to whatever does it. */
export interface Facts {
  sha: string
  ref: string
  environment: string
  /** `owner/name`. */
  repository: string
  deployment_id: number
  task: string
  creator: string
  description: string
}

/** The names that a template may hold. */
export const factNames = [
  ...(['sha', 'ref', 'environment', 'repository'] as const),
  ...(['deployment_id', 'task', 'creator', 'description'] as const),
] satisfies (keyof Facts)[]

/** The facts of a run. */
export function factsOf({ repository, deployment }: Pick<Run, 'repository' | 'deployment'>): Facts {
  const { id, sha, ref, environment, task, creator, description } = deployment
  return {
    sha,
    ref,
    environment,
    repository: fullName(repository),
    deployment_id: id,
    task,
    creator,
    description,
  }
}
