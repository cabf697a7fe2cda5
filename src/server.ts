import { buildApp } from './app.ts'
import { asOurApp } from './config/as-our-app.ts'
import { openRules } from './config/open-rules.ts'
import { messageOf } from './errors/errors.ts'
import { createGitHub } from './github/client.ts'
import { openAuth } from './github/open-auth.ts'
import { createPause } from './github/pause.ts'
import { createEnqueue } from './jobs/enqueue.ts'
import { closeQueues, openQueues } from './jobs/queues.ts'
import { openLog } from './log/open-log.ts'
import { createReceiverMetrics } from './metrics/receiver-metrics.ts'
import { inspectRedis, warnOfRedis } from './redis/health.ts'
import { keyPrefixOf } from './redis/key-prefix.ts'
import { connectFailingFast, firstContact } from './redis/redis.ts'
import { processEnvironment } from './settings/environment.ts'
import { readServerSettings } from './settings/server.ts'
import { closeOnSignal } from './shutdown.ts'
import { usableOrExit } from './start-up.ts'
import { openSenders } from './webhook/open-senders.ts'

/** The receiver: takes GitHub's webhooks, checks them and queues what they ask for. */
const settings = usableOrExit(readServerSettings)
const { log, tracing, hiding } = await openLog(settings.logLevel, 'receiver')
const prefix = keyPrefixOf(settings.githubServerUrl)
// How long simulated work takes is nothing to the receiver.
const rules = usableOrExit(() =>
  openRules({ file: settings.configFile, env: processEnvironment(), simulatedWorkMs: 0, log }),
)
if (settings.githubNote !== undefined) log.info(settings.githubNote)
hiding.also(() => rules.current.secrets)
const redis = connectFailingFast(settings.redisUrl, log, settings.redisTls)
warnOfRedis(redis, prefix, log)
const queues = openQueues(redis, prefix, tracing.jobs)
const metrics = createReceiverMetrics()
const pause = createPause(redis, prefix, log)
const toGitHub = {
  apiUrl: settings.githubApiUrl,
  log,
  pause,
  observe: metrics.github,
  ca: settings.githubCa?.pem,
}
const signIn = openAuth(settings, toGitHub)
const github = signIn && createGitHub({ ...toGitHub, auth: signIn.auth, tracing })
const { githubApp } = settings
const rulesInForce = githubApp && signIn?.ourApp ? asOurApp(rules, githubApp.id, signIn.ourApp) : rules
const { allowFrom } = settings
const senders = allowFrom && openSenders(allowFrom, { github, redis, prefix, log })
const app = await buildApp({
  log,
  webhookSecrets: settings.webhookSecrets,
  hubotSecrets: settings.hubotSecrets,
  adminToken: settings.adminToken,
  oauth: settings.oauth,
  slack: settings.slack,
  github,
  githubApiUrl: settings.githubApiUrl,
  trustProxy: settings.trustProxy,
  webhookSenders: senders,
  maxConnections: settings.maxConnections,
  requestsPerMinute: settings.requestsPerMinute,
  publicUrl: settings.publicUrl,
  githubUrl: settings.githubServerUrl,
  githubCa: settings.githubCa?.pem,
  rules: rulesInForce,
  redis,
  queues,
  prefix,
  enqueue: createEnqueue(redis, queues, prefix, rules),
  inspectRedis: () => inspectRedis(redis, prefix),
  metrics,
  tracing,
})

process.on('SIGHUP', rules.reload)
closeOnSignal(log, 10_000, async () => {
  rules.close()
  senders?.close()
  await app.close()
  await closeQueues(queues)
  await tracing.close()
  redis.disconnect()
})

// A delivery that came before the connection is there would be refused for nothing.
await firstContact(redis)
try {
  const address = await app.listen({ port: settings.port, host: settings.host })
  log.info({ address }, `listening on ${address}/event_handler`)
} catch (error) {
  log.fatal(messageOf(error))
  process.exit(1)
}
