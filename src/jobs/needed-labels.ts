import { findEnvironment } from '../config/find-environment.ts'
import type { Rules } from '../config/rules.ts'
import { lockTaskOf } from '../deployments/lock-task.ts'
import { fullName, type JobRequest, type ProcessDeployment, type Repository } from './job.ts'
import { type Labels, usualLabels } from './labels.ts'

/**
 * The labels that a worker must have for a deployment. To lock or unlock an environment, and to decide about what GitHub Actions
 * deploys, is no work: any worker does that. Pure.
 */
export function labelsForDeployment(
  rules: Rules,
  { repository, deployment }: Pick<ProcessDeployment, 'repository' | 'deployment'>,
): Labels {
  if (lockTaskOf(deployment.task) !== undefined || deployment.workflowRun !== undefined) return usualLabels
  const ofRepository = rules.of(fullName(repository))
  return (ofRepository && findEnvironment(ofRepository, deployment.environment)?.runsOn) ?? usualLabels
}

/** The labels that a worker must have for a check. Pure. */
export function labelsForCheck(rules: Rules, repository: Repository, context: string): Labels {
  const check = rules.of(fullName(repository))?.checks.find((each) => each.context === context)
  return check?.runsOn ?? usualLabels
}

/** The labels for a job that is to be queued, as far as it tells; whoever takes it hands it on otherwise. Pure. */
export function labelsForJob(rules: Rules, job: JobRequest): Labels {
  return job.name === 'process-deployment' ? labelsForDeployment(rules, job.data) : usualLabels
}
