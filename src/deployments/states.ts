import type { DeploymentState } from '../github/deployments.ts'

/** Every state that we give a deployment, in the order in which it may have them. */
export const deploymentStates = [
  'pending',
  'queued',
  'in_progress',
  'success',
  'failure',
  'error',
  'inactive',
] as const satisfies readonly DeploymentState[]
