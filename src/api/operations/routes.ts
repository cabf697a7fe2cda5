import type { FastifyInstance } from 'fastify'
import { auditRoute } from './audit.ts'
import { deploymentOperations } from './deployments.ts'
import { freezeRoutes } from './freezes.ts'
import { lockRoutes } from './locks.ts'
import type { OperationRouteOptions } from './options.ts'
import { replayRoute } from './replay.ts'
import { requestRoutes } from './requests.ts'

/** All that people do, and the trail of it. */
export async function operationRoutes(app: FastifyInstance, options: OperationRouteOptions) {
  await app.register(deploymentOperations, options)
  await app.register(requestRoutes, options)
  await app.register(lockRoutes, options)
  await app.register(freezeRoutes, options)
  await app.register(replayRoute, options)
  await app.register(auditRoute, options)
}
