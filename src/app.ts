import { STATUS_CODES } from 'node:http'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Access } from './access/access.ts'
import { adminOnly } from './access/admin-only.ts'
import { apiRoutes } from './api/routes.ts'
import { openCallbacks } from './callbacks/callbacks.ts'
import { callbackRoute } from './callbacks/route.ts'
import type { RulesInForce } from './config/rules.ts'
import { countRequests } from './count-requests.ts'
import { createLeaveTrace } from './deliveries/leave-trace.ts'
import { openTrace } from './deliveries/trace.ts'
import { deploymentKeys } from './deployments/keys.ts'
import type { GitHub } from './github/client.ts'
import { healthRoutes } from './health.ts'
import type { Enqueue } from './jobs/enqueue.ts'
import type { Queues } from './jobs/queues.ts'
import type { Logger } from './log.ts'
import { openOperations } from './operations/open-operations.ts'
import { openOperationParts } from './operations/parts.ts'
import type { Redis } from './redis.ts'
import type { RedisHealth } from './redis-health.ts'
import { webhookRoute } from './webhook/route.ts'
import { Unavailable } from './webhook/unavailable.ts'

export interface AppDependencies {
  log: Logger
  webhookSecrets: readonly string[]
  /** Opens the API; without it, it answers 403. */
  adminToken: string | undefined
  /** Asks GitHub what a branch is, and to send a delivery again; undefined: there is no token. */
  github: GitHub | undefined
  /** Who may do what; unless given, whoever knows the admin token everything, and nobody else anything. */
  access?: Access
  /** Where people reach the receiver, without a slash at the end. */
  publicUrl: string
  /** Where people see repositories, without a slash at the end. */
  githubUrl: string
  rules: RulesInForce
  redis: Redis
  queues: Queues
  prefix: string
  enqueue: Enqueue
  inspectRedis: () => Promise<RedisHealth>
}

const answerLimitMs = 5000

/** The receiver with all its routes; it listens nowhere yet and owns nothing that it was given. */
export async function buildApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { log, webhookSecrets, rules, enqueue, inspectRedis, redis, prefix } = dependencies
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // A sender that trickles its body is cut off, well after GitHub's own limit of 10 s.
    requestTimeout: 30_000,
    // By then, what was under way has been answered (see the end of this function).
    forceCloseConnections: true,
    return503OnClosing: false,
    // An address that cannot be decoded never comes as far as the error handler.
    frameworkErrors: answerError,
  })
  const allAnswered = countRequests(app)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(answerNotFound)
  const leaveTrace = createLeaveTrace(openTrace(redis, prefix), log)
  await app.register(webhookRoute, { secrets: webhookSecrets, enqueue, leaveTrace, rules })
  await app.register(callbackRoute, { callbacks: openCallbacks(redis, deploymentKeys(prefix), prefix) })
  await app.register(healthRoutes, { inspectRedis })
  const operationParts = openOperationParts({ ...dependencies, access: dependencies.access ?? adminOnly })
  const operations = openOperations(operationParts)
  const api = { ...dependencies, operations, operationParts, answerNotFound }
  await app.register(apiRoutes, { ...api, prefix: '/api', keyPrefix: prefix })
  // The followers of a log are sent away before anybody waits for them: hooks of the app itself would run before
  // those of its plugins, which run in the order of the plugins.
  await app.register(async (last) => void last.addHook('preClose', () => allAnswered(answerLimitMs)))
  return app
}

function answerNotFound(request: FastifyRequest, reply: FastifyReply) {
  const message = `There is nothing at ${request.method} ${request.url.split('?')[0]}.`
  return reply.code(404).send({ statusCode: 404, error: 'Not Found', message })
}

/** Fastify's shape for errors, without a stack, and without the inside of what is our own fault. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const statusCode = error.statusCode ?? 500
  if (error instanceof Unavailable) {
    request.log.warn({ reason: error.message }, 'a delivery could not be queued')
    reply.header('Retry-After', error.retryAfterSeconds)
  } else if (statusCode >= 500) {
    request.log.error({ err: error }, 'a request failed unexpectedly')
  }
  const message = statusCode === 500 ? 'Something went wrong here; the log has the details.' : error.message
  return reply.code(statusCode).send({ statusCode, error: STATUS_CODES[statusCode] ?? 'Error', message })
}
