import type { FastifyInstance } from 'fastify'
import { answerNotFound } from '../errors/answer-error.ts'
import { openApiRoute } from '../openapi/route.ts'
import { withSchemas } from '../openapi/schemas.ts'
import type { OperationDependencies } from '../operations/dependencies.ts'
import type { Operations } from '../operations/operations.ts'
import { channelsRoute } from './channels.ts'
import { checkRoutes } from './checks.ts'
import { deliveryRoutes } from './deliveries.ts'
import { deploymentRoutes } from './deployments.ts'
import { type EventsOptions, eventsRoute } from './events/route.ts'
import { figuresRoute } from './figures.ts'
import { findDeployment } from './find-deployment.ts'
import { logRoute } from './log/route.ts'
import { operationRoutes } from './operations/routes.ts'
import { answerOtherMethods } from './other-methods.ts'
import { overviewRoute } from './overview.ts'
import { numbered } from './schema/terms.ts'
import type { Sources } from './sources.ts'
import { tokenRoutes } from './tokens.ts'
import { whyRoute } from './why/route.ts'
import { workersRoute } from './workers.ts'

export interface ApiOptions extends EventsOptions {
  sources: Sources
  operations: Operations
  operationParts: OperationDependencies
}

/** Everything below `/api`. */
export async function apiRoutes(
  plain: FastifyInstance,
  { sources, mostFollowers, operations, operationParts: parts }: ApiOptions,
) {
  plain.setNotFoundHandler(answerNotFound)
  const app = withSchemas(plain)
  const addOtherMethods = answerOtherMethods(app)
  await app.register(deploymentRoutes, sources)
  await logRoute(app, {
    of: '/deployments',
    documented: {
      operationId: 'getDeploymentLog',
      tag: 'deployments',
      summary: 'The log of a deployment',
      params: numbered,
    },
    redis: sources.redis,
    keys: sources.keys,
    logs: sources.logs,
    records: sources.records,
    find: async (params) => (await findDeployment(sources, params)).record.id,
  })
  await checkRoutes(app, sources)
  await app.register(deliveryRoutes, sources)
  await app.register(whyRoute, sources)
  await app.register(tokenRoutes, sources)
  await app.register(overviewRoute, sources)
  await app.register(figuresRoute, sources)
  await app.register(channelsRoute, sources)
  await app.register(workersRoute, sources)
  await app.register(operationRoutes, { operations, parts, publicUrl: sources.publicUrl })
  await app.register(eventsRoute, { ...sources, mostFollowers })
  await app.register(openApiRoute)
  addOtherMethods()
}
