import type { DeploymentRecord } from './deployment-record.ts'

/** Whether somebody has let a deployment pass soft locks, windows and freezes. */
export async function isForced({ overriddenBy }: Pick<DeploymentRecord, 'overriddenBy'>): Promise<boolean> {
  return overriddenBy !== undefined
}
