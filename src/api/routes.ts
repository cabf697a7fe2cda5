import type { FastifyInstance } from 'fastify'
import { answerNotFound } from '../answer-error.ts'
import { openApiRoute } from '../openapi/route.ts'
import { withSchemas } from '../openapi/schemas.ts'
import { requireAdmin } from './admin.ts'
import { checkRoutes } from './checks.ts'
import { deliveryRoutes } from './deliveries.ts'
import { deploymentRoutes } from './deployments.ts'
import { type EventsOptions, eventsRoute } from './events/route.ts'
import { findDeployment } from './find-deployment.ts'
import { logRoute } from './log/route.ts'
import { answerOtherMethods } from './other-methods.ts'
import { numbered } from './schema/terms.ts'
import { openSources, type SourceOptions } from './sources.ts'
import { whyRoute } from './why/route.ts'

export interface ApiOptions extends SourceOptions, EventsOptions {
  adminToken: string | undefined
}

/** Everything below `/api`: the admin token comes before each route, and before what is not there too. */
export async function apiRoutes(
  plain: FastifyInstance,
  { adminToken, mostFollowers, ...options }: ApiOptions,
) {
  plain.addHook('onRequest', requireAdmin(adminToken))
  plain.setNotFoundHandler(answerNotFound)
  const app = withSchemas(plain)
  const addOtherMethods = answerOtherMethods(app)
  const sources = openSources(options)
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
  await app.register(eventsRoute, { ...sources, mostFollowers })
  await app.register(openApiRoute)
  addOtherMethods()
}
