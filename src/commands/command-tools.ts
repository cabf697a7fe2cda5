import type { Access } from '../access/access.ts'
import type { RulesInForce } from '../config/rules.ts'
import type { Repositories } from '../deliveries/repositories.ts'
import type { DeploymentRecord } from '../deployments/deployment-record.ts'
import type { DeploymentFilter } from '../deployments/list.ts'
import type { Operations } from '../operations/operations.ts'
import type { Overview } from '../overview/overview.ts'

/** All that commands touch. */
export interface CommandTools {
  operations: Operations
  access: Pick<Access, 'roleOf'>
  rules: RulesInForce
  repositories: Repositories
  overview: Pick<Overview, 'lanes'>
  /** The newest deployments that match, newest first. */
  newest(filter: DeploymentFilter, limit: number): Promise<DeploymentRecord[]>
  /** Why something is, or is not, being deployed: in a sentence, and more, a line each. */
  explain(repository: string, environment: string): Promise<{ summary: string; lines: readonly string[] }>
  nowMs(): Promise<number>
}
