import type { Handler } from '../api.ts'
import { checks } from './checks.ts'
import { deployments } from './deployments.ts'
import { pulls } from './pulls.ts'
import { repositories } from './repositories.ts'
import { statuses } from './statuses.ts'

/** GitHub's operations (by operationId) that the sandbox knows. */
export const handlers: Record<string, Handler> = {
  ...repositories,
  ...deployments,
  ...statuses,
  ...checks,
  ...pulls,
}
