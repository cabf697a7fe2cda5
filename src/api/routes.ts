import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../access/actor.ts'
import type { OperationDependencies } from '../operations/dependencies.ts'
import type { Operations } from '../operations/operations.ts'
import { Refusal } from '../refusal.ts'
import { requireAdmin } from './admin.ts'
import { checkRoutes } from './checks.ts'
import { deliveryRoutes } from './deliveries.ts'
import { deploymentRoutes } from './deployments.ts'
import { findDeployment } from './find-deployment.ts'
import { logRoute } from './log/route.ts'
import { operationRoutes } from './operations/routes.ts'
import { openSources, type SourceOptions } from './sources.ts'
import { whyRoute } from './why/route.ts'

export interface ApiOptions extends SourceOptions {
  adminToken: string | undefined
  operations: Operations
  operationParts: OperationDependencies
  answerNotFound: (request: FastifyRequest, reply: FastifyReply) => unknown
}

/** Everything below `/api`: the admin token comes before each route, and before what is not there too. */
export async function apiRoutes(
  app: FastifyInstance,
  { adminToken, answerNotFound, operations, operationParts: parts, ...options }: ApiOptions,
) {
  app.addHook('onRequest', requireAdmin(adminToken))
  app.decorateRequest('actor', null)
  app.addHook('onRequest', async (request) => {
    request.actor = adminBehind(request)
  })
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
  await app.register(operationRoutes, { operations, parts, publicUrl: sources.publicUrl })
}

/** Whoever knows the admin token; the command line says that it is that. */
function adminBehind({ headers }: FastifyRequest): Actor {
  const isCommandLine = headers['user-agent']?.startsWith('livraison-cli/') ?? false
  return { kind: 'admin', name: 'ADMIN_TOKEN', face: isCommandLine ? 'cli' : 'api' }
}

/** The rest is for the error handler of the whole receiver. */
function sayWhenRedisIsAway(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): never {
  const isAway = /isn't writeable|Command timed out|Connection is closed|max retries/i.test(error.message)
  if (error.statusCode !== undefined || !isAway) throw error
  reply.header('Retry-After', 10)
  throw new Refusal(
    503,
    'Redis cannot be reached, and all that there is to tell lies there. Try again later.',
  )
}
