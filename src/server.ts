import { buildApp } from './app.ts'
import { openRules } from './config/open-rules.ts'
import { messageOf } from './errors.ts'
import { createGitHub } from './github/client.ts'
import { createPause } from './github/pause.ts'
import { createEnqueue } from './jobs/enqueue.ts'
import { closeQueues, openQueues } from './jobs/queues.ts'
import { keyPrefixOf } from './key-prefix.ts'
import { createLogger } from './log.ts'
import { createReceiverMetrics } from './metrics/receiver-metrics.ts'
import { connectFailingFast, firstContact } from './redis.ts'
import { inspectRedis, warnOfRedis } from './redis-health.ts'
import { processEnvironment } from './settings/environment.ts'
import { readServerSettings } from './settings/server.ts'
import { closeOnSignal } from './shutdown.ts'
import { usableOrExit } from './start-up.ts'

/** The receiver: takes GitHub's webhooks, checks them and queues what they ask for. */
const settings = usableOrExit(readServerSettings)
const log = createLogger(settings.logLevel, 'receiver')
const prefix = keyPrefixOf(settings.githubServerUrl)
if (settings.githubNote !== undefined) log.info(settings.githubNote)
// How long simulated work takes is nothing to the receiver.
const rules = usableOrExit(() =>
  openRules({ file: settings.configFile, env: processEnvironment(), simulatedWorkMs: 0, log }),
)
const redis = connectFailingFast(settings.redisUrl, log)
warnOfRedis(redis, log)
const queues = openQueues(redis, prefix)
const metrics = createReceiverMetrics()
const github =
  settings.githubToken === undefined
    ? undefined
    : createGitHub({
        token: settings.githubToken,
        apiUrl: settings.githubApiUrl,
        log,
        pause: createPause(redis, prefix, log),
        observe: metrics.github,
        ca: settings.githubCa?.pem,
      })
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
  requestsPerMinute: settings.requestsPerMinute,
  publicUrl: settings.publicUrl,
  githubUrl: settings.githubServerUrl,
  githubCa: settings.githubCa?.pem,
  rules,
  redis,
  queues,
  prefix,
  enqueue: createEnqueue(redis, queues, prefix),
  inspectRedis: () => inspectRedis(redis),
  metrics,
})

process.on('SIGHUP', rules.reload)
closeOnSignal(log, 10_000, async () => {
  rules.close()
  await app.close()
  await closeQueues(queues)
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
