import { buildApp } from './app.ts'
import { messageOf } from './errors.ts'
import { createEnqueue } from './jobs/enqueue.ts'
import { closeQueues, openQueues } from './jobs/queues.ts'
import { createLogger } from './log.ts'
import { connectFailingFast, firstContact, keyPrefix } from './redis.ts'
import { inspectRedis, warnOfRedis } from './redis-health.ts'
import { readServerSettings } from './settings.ts'
import { closeOnSignal } from './shutdown.ts'
import { settingsOrExit } from './start-up.ts'

/** The receiver: takes GitHub's webhooks, checks them and queues what they ask for. */
const settings = settingsOrExit(readServerSettings)
const log = createLogger(settings.logLevel, 'receiver')
const redis = connectFailingFast(settings.redisUrl, log)
warnOfRedis(redis, log)
const queues = openQueues(redis, keyPrefix)
const app = await buildApp({
  log,
  webhookSecrets: settings.webhookSecrets,
  adminToken: settings.adminToken,
  publicUrl: settings.publicUrl,
  githubUrl: settings.githubServerUrl,
  redis,
  queues,
  prefix: keyPrefix,
  enqueue: createEnqueue(redis, queues, keyPrefix),
  inspectRedis: () => inspectRedis(redis),
})

closeOnSignal(log, 10_000, async () => {
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
