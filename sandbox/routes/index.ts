import type { Handler } from '../api.ts'
import { apps } from '../apps/routes.ts'
import { branches } from './branches.ts'
import { checks } from './checks.ts'
import { commits } from './commits.ts'
import { deployments } from './deployments.ts'
import { hookConfig } from './hook-config.ts'
import { hooks } from './hooks.ts'
import { issues } from './issues.ts'
import { organizations } from './organizations.ts'
import { pulls } from './pulls.ts'
import { refs } from './refs.ts'
import { repositories } from './repositories.ts'
import { statuses } from './statuses.ts'
import { workflowRuns } from './workflow-runs.ts'

/** GitHub's operations (by operationId) that the sandbox knows. */
export const handlers: Record<string, Handler> = {
  ...repositories,
  ...apps,
  ...organizations,
  ...deployments,
  ...statuses,
  ...checks,
  ...pulls,
  ...issues,
  ...branches,
  ...commits,
  ...hooks,
  ...workflowRuns,
  ...hookConfig,
  ...refs,
}
