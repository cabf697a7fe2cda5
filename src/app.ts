import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { answerError, answerNotFound } from './answer-error.ts'
import { apiRoutes } from './api/routes.ts'
import { openCallbacks } from './callbacks/callbacks.ts'
import { callbackRoute } from './callbacks/route.ts'
import type { RulesInForce } from './config/rules.ts'
import { countRequests } from './count-requests.ts'
import { createLeaveTrace } from './deliveries/leave-trace.ts'
import { openTrace } from './deliveries/trace.ts'
import { deploymentKeys } from './deployments/keys.ts'
import { healthRoutes } from './health.ts'
import type { Enqueue } from './jobs/enqueue.ts'
import type { Queues } from './jobs/queues.ts'
import type { Logger } from './log.ts'
import { openApi } from './openapi/document.ts'
import type { Redis } from './redis.ts'
import type { RedisHealth } from './redis-health.ts'
import { webhookRoute } from './webhook/route.ts'

export interface AppDependencies {
  log: Logger
  webhookSecrets: readonly string[]
  /** Opens the API; without it, it answers 403. */
  adminToken: string | undefined
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
  /** So many may follow the events of this process at a time; 500 unless given. */
  mostFollowers?: number | undefined
}

const answerLimitMs = 5000

/** The receiver with all its routes; it listens nowhere yet and owns nothing that it was given. */
export async function buildApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { log, webhookSecrets, rules, enqueue, inspectRedis, redis, prefix, publicUrl } = dependencies
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
  // Before the routes: it hears of each that comes after it.
  await openApi(app, publicUrl)
  const leaveTrace = createLeaveTrace(openTrace(redis, prefix), log)
  await app.register(webhookRoute, { secrets: webhookSecrets, enqueue, leaveTrace, rules })
  await app.register(callbackRoute, { callbacks: openCallbacks(redis, deploymentKeys(prefix), prefix) })
  await app.register(healthRoutes, { inspectRedis })
  await app.register(apiRoutes, { ...dependencies, prefix: '/api', keyPrefix: prefix })
  // The followers of a log are sent away before anybody waits for them: hooks of the app itself would run before
  // those of its plugins, which run in the order of the plugins.
  await app.register(async (last) => void last.addHook('preClose', () => allAnswered(answerLimitMs)))
  return app
}
