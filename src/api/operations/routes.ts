import type { ApiApp } from '../../openapi/schemas.ts'
import { auditRoute } from './audit.ts'
import { deployRoute } from './deploy.ts'
import { deploymentOperations } from './deployments.ts'
import { freezeRoutes } from './freezes.ts'
import { lockRoutes } from './locks.ts'
import type { OperationRouteOptions } from './options.ts'
import { replayRoute } from './replay.ts'
import { requestRoute } from './requests.ts'
import { verdictRoutes } from './verdicts.ts'

/** All that people do, and the trail of it. */
export async function operationRoutes(app: ApiApp, options: OperationRouteOptions) {
  await app.register(deployRoute, options)
  await app.register(deploymentOperations, options)
  await app.register(verdictRoutes, options)
  await app.register(requestRoute, options)
  await app.register(lockRoutes, options)
  await app.register(freezeRoutes, options)
  await app.register(replayRoute, options)
  await app.register(auditRoute, options)
}
