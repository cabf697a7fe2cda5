import type { DeploymentRecord } from '../../src/deployments/record.ts'
import { isOurRollback } from '../../src/deployments/rollback.ts'
import type { Tools } from '../tools.ts'

/** Whether a deployment rolls back a failure by our own decision: what is broken is not to stay so for longer. */
export async function isRollback(
  record: DeploymentRecord,
  { records }: Pick<Tools, 'records'>,
): Promise<boolean> {
  const { rollbackOf } = record
  const failed = rollbackOf === undefined ? undefined : await records.read(rollbackOf)
  return isOurRollback(record, failed)
}
