import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { enforceAccess } from './access/enforce.ts'
import { openIdentity } from './access/identity.ts'
import { apiRoutes } from './api/routes.ts'
import { openSources } from './api/sources.ts'
import { openCallbacks } from './callbacks/callbacks.ts'
import { callbackRoute } from './callbacks/route.ts'
import { hubotRoute } from './chat/hubot/route.ts'
import { type SlackSettings, slackPlugin } from './chat/slack/plugin.ts'
import { openCommands } from './commands/open-commands.ts'
import type { RulesInForce } from './config/rules.ts'
import { answerInWords, connectionTimes, limitConnections, pathAndQuery } from './connections.ts'
import { countRequests } from './count-requests.ts'
import { dashboard } from './dashboard/dashboard.ts'
import { addErrorPages } from './dashboard/error-pages.tsx'
import { openNotices } from './dashboard/notices.ts'
import { createRenderPage } from './dashboard/render.tsx'
import { createLeaveTrace } from './deliveries/leave-trace.ts'
import { createSayArrival } from './deliveries/say-arrival.ts'
import { openTrace } from './deliveries/trace.ts'
import { deploymentKeys } from './deployments/keys.ts'
import { answerError, answerNotFound } from './errors/answer-error.ts'
import type { GitHub } from './github/client.ts'
import { healthRoutes } from './health.ts'
import type { Enqueue } from './jobs/enqueue.ts'
import type { Queues } from './jobs/queues.ts'
import type { Logger } from './log/log.ts'
import type { ReceiverMetrics } from './metrics/receiver-metrics.ts'
import { metricsRoute } from './metrics/route.ts'
import { addStateMetrics } from './metrics/state-metrics.ts'
import { openApi } from './openapi/document.ts'
import { openOperations } from './operations/open-operations.ts'
import { openOperationParts } from './operations/parts.ts'
import type { RedisHealth } from './redis/health.ts'
import type { Redis } from './redis/redis.ts'
import { securityHeaders } from './security-headers.ts'
import type { OAuthApp } from './sign-in/github.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { signInWays } from './sign-in/ways.ts'
import { createTraceDelivery } from './tracing/deliveries.ts'
import { openTraceMemory } from './tracing/memory.ts'
import { traceRequests } from './tracing/requests.ts'
import { noTracing, type Tracing } from './tracing/tracing.ts'
import { webhookRoute } from './webhook/route.ts'
import type { Senders } from './webhook/senders.ts'
import { createTakeIn } from './webhook/take-in.ts'

export interface AppDependencies {
  log: Logger
  webhookSecrets: readonly string[]
  /** The secrets that Hubot signs with; none: it is not listened to. */
  hubotSecrets?: readonly string[] | undefined
  /** Opens API and dashboard; without it and `oauth`, the API answers 403. */
  adminToken: string | undefined
  /** The OAuth app of GitHub that people sign in with. */
  oauth?: OAuthApp | undefined
  /** Asks GitHub who may do what; undefined: there is no token. */
  github: GitHub | undefined
  githubApiUrl: string
  /** The addresses of proxies in front of us, which say truly who asks. */
  trustProxy?: string | undefined
  /** From where webhooks are taken; from anywhere unless given. */
  webhookSenders?: Senders | undefined
  /** So many connections at a time. */
  maxConnections?: number | undefined
  /** How many requests each caller may make in a minute. */
  requestsPerMinute?: number | undefined
  /** Where people reach the receiver, without a slash at the end. */
  publicUrl: string
  /** Where people see repositories, without a slash at the end. */
  githubUrl: string
  /** The certificates (PEM) of authorities that are trusted for GitHub beside the usual ones. */
  githubCa?: string | undefined
  rules: RulesInForce
  redis: Redis
  queues: Queues
  prefix: string
  enqueue: Enqueue
  inspectRedis: () => Promise<RedisHealth>
  /** What people ask for in Slack; undefined: nothing. */
  slack?: SlackSettings | undefined
  metrics: ReceiverMetrics
  /** Is told what is done; nobody is unless given. */
  tracing?: Tracing | undefined
  /** So many may follow the events of this process at a time; 500 unless given. */
  mostFollowers?: number | undefined
}

const answerLimitMs = 5000

/** The receiver with all its routes; it listens nowhere yet and owns nothing that it was given. */
export async function buildApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { log, webhookSecrets, rules, inspectRedis, redis, prefix, metrics } = dependencies
  const { publicUrl, githubUrl, oauth, requestsPerMinute = 1200, tracing = noTracing } = dependencies
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    ...connectionTimes,
    rewriteUrl: pathAndQuery,
    // By then, what was under way has been answered (see the end of this function).
    forceCloseConnections: true,
    return503OnClosing: false,
    // An address that cannot be decoded never comes as far as the error handler.
    frameworkErrors: answerError,
    trustProxy: dependencies.trustProxy ?? false,
  })
  limitConnections(app.server, dependencies.maxConnections ?? 2000, dependencies.trustProxy !== undefined)
  const allAnswered = countRequests(app)
  answerInWords(app)
  traceRequests(app, tracing)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(answerNotFound)
  // Before the routes: it hears of each that comes after it.
  await openApi(app, publicUrl)
  const identity = openIdentity(dependencies)
  await app.register(helmet, securityHeaders(publicUrl, oauth && githubUrl))
  await app.register(cookie)
  await app.register(formbody)
  await enforceAccess(app, { identity, publicUrl, hasOAuth: oauth !== undefined, requestsPerMinute })
  const operationParts = openOperationParts({ ...dependencies, access: identity.access })
  const operations = openOperations(operationParts)
  const { audit } = operationParts
  const notices = openNotices(redis, prefix, publicUrl.startsWith('https:'))
  const renderPage = createRenderPage({ githubUrl, access: identity.access, notices })
  app.decorateRequest('changesUntil', '')
  addErrorPages(app, renderPage)
  const { webhookSenders: senders } = dependencies
  await app.register(webhookRoute, {
    ...{ secrets: webhookSecrets, senders, rules, observe: metrics.delivery, githubUrl },
    takeIn: createTakeIn(redis, dependencies.queues, prefix, rules),
    leaveTrace: createLeaveTrace(openTrace(redis, prefix), log),
    sayArrival: createSayArrival(log),
    traceDelivery: createTraceDelivery(tracing, openTraceMemory(redis, prefix, tracing)),
  })
  await app.register(callbackRoute, { callbacks: openCallbacks(redis, deploymentKeys(prefix), prefix) })
  await app.register(healthRoutes, { inspectRedis })
  const refresh = addStateMetrics(metrics.registry, redis, dependencies.queues, prefix)
  await app.register(metricsRoute, { registry: metrics.registry, refresh })
  const { githubApiUrl, mostFollowers } = dependencies
  const { githubCa } = dependencies
  await app.register(signInRoutes, {
    ...{ identity, audit, oauth, rules, publicUrl, githubUrl, githubApiUrl, githubCa },
  })
  const sources = openSources({ ...dependencies, identity, audit, keyPrefix: prefix })
  const { hubotSecrets: secrets = [] } = dependencies
  const runCommand = openCommands(sources, operations, identity.access)
  const { records, repositories } = sources
  await app.register(hubotRoute, {
    ...{ secrets, redis, rules, runCommand, records, repositories },
    keyPrefix: prefix,
  })
  await app.register(apiRoutes, { sources, operations, operationParts, mostFollowers, prefix: '/api' })
  await app.register(slackPlugin, { ...sources, run: runCommand, log, settings: dependencies.slack })
  await app.register(dashboard, {
    renderPage,
    sources,
    operations,
    access: identity.access,
    audit,
    tokens: identity.tokens,
    notices,
    signInWays: () => signInWays(dependencies.adminToken, oauth !== undefined, rules),
  })
  // The followers of a log are sent away before anybody waits for them: hooks of the app itself would run before
  // those of its plugins, which run in the order of the plugins.
  await app.register(async (last) => void last.addHook('preClose', () => allAnswered(answerLimitMs)))
  return app
}
