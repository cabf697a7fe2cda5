import { openRules } from '../src/config/open-rules.ts'
import { openLog } from '../src/log/open-log.ts'
import { addRedisMetrics } from '../src/metrics/redis-metrics.ts'
import { warnOfRedis } from '../src/redis/health.ts'
import { keyPrefixOf } from '../src/redis/key-prefix.ts'
import { connectPatiently } from '../src/redis/redis.ts'
import { processEnvironment } from '../src/settings/environment.ts'
import { readWorkerSettings } from '../src/settings/worker.ts'
import { closeOnSignal } from '../src/shutdown.ts'
import { usableOrExit } from '../src/start-up.ts'
import { createWorkerMetrics } from './metrics.ts'
import { serveMetrics } from './metrics-server.ts'
import { secretsOfRules } from './notices/secrets-of.ts'
import { openWorker } from './open-worker.ts'

/** A worker: runs deployments and does everything around them that takes time. */
const settings = usableOrExit(readWorkerSettings)
const { log, tracing, hiding } = await openLog(settings.logLevel, 'worker')
const rules = usableOrExit(() =>
  openRules({
    file: settings.configFile,
    env: processEnvironment(),
    simulatedWorkMs: settings.simulatedWorkMs,
    labels: settings.labels,
    log,
  }),
)
if (settings.githubNote !== undefined) log.info(settings.githubNote)
hiding.also(() => secretsOfRules(rules.current))
const prefix = keyPrefixOf(settings.githubServerUrl)
const redis = connectPatiently(settings.redisUrl, log, settings.redisTls)
warnOfRedis(redis, prefix, log)
const metrics = createWorkerMetrics()
addRedisMetrics(metrics.registry, redis)
const worker = openWorker(settings, redis, prefix, rules, log, {
  metrics,
  tracing,
})
const { metricsPort: port, metricsHost: host } = settings
const metricsServer =
  port === undefined ? undefined : serveMetrics({ port, host, registry: metrics.registry, log })
process.on('SIGHUP', rules.reload)
log.info({ concurrency: settings.concurrency, labels: settings.labels }, 'waiting for jobs')

closeOnSignal(log, settings.drainMs + 10_000, async () => {
  rules.close()
  metricsServer?.close()
  await worker.close()
  await tracing.close()
  redis.disconnect()
})
