import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { OperationDependencies } from '../operations/dependencies.ts'
import type { Operations } from '../operations/operations.ts'
import { isRedisAway, redisIsAway } from '../redis-away.ts'
import { checkRoutes } from './checks.ts'
import { deliveryRoutes } from './deliveries.ts'
import { deploymentRoutes } from './deployments.ts'
import { figuresRoute } from './figures.ts'
import { findDeployment } from './find-deployment.ts'
import { logRoute } from './log/route.ts'
import { operationRoutes } from './operations/routes.ts'
import { overviewRoute } from './overview.ts'
import { openSources, type SourceOptions } from './sources.ts'
import { tokenRoutes } from './tokens.ts'
import { whyRoute } from './why/route.ts'

export interface ApiOptions extends SourceOptions {
  operations: Operations
  operationParts: OperationDependencies
  answerNotFound: (request: FastifyRequest, reply: FastifyReply) => unknown
}

/** Everything below `/api`. */
export async function apiRoutes(
  app: FastifyInstance,
  { answerNotFound, operations, operationParts: parts, ...options }: ApiOptions,
) {
  app.setNotFoundHandler(answerNotFound)
  app.setErrorHandler(sayWhenRedisIsAway)
  const sources = openSources(options)
  await app.register(deploymentRoutes, sources)
  await logRoute(app, {
    of: '/deployments',
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
  await app.register(operationRoutes, { operations, parts, publicUrl: sources.publicUrl })
}

/** The rest is for the error handler of the whole receiver. */
function sayWhenRedisIsAway(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): never {
  if (error.statusCode !== undefined || !isRedisAway(error)) throw error
  reply.header('Retry-After', 10)
  throw redisIsAway()
}
