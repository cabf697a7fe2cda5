import { createLogger } from '../src/log.ts'
import { connectPatiently, keyPrefix } from '../src/redis.ts'
import { warnOfRedis } from '../src/redis-health.ts'
import { readWorkerSettings } from '../src/settings.ts'
import { closeOnSignal } from '../src/shutdown.ts'
import { settingsOrExit } from '../src/start-up.ts'
import { simulate } from './executors/simulate.ts'
import { openWorker } from './open-worker.ts'

/** A worker: runs deployments and does everything around them that takes time. */
const settings = settingsOrExit(readWorkerSettings)
const log = createLogger(settings.logLevel, 'worker')
const redis = connectPatiently(settings.redisUrl, log)
warnOfRedis(redis, log)
const executor = simulate(settings.simulatedWorkMs)
const worker = openWorker(
  settings,
  redis,
  keyPrefix,
  () => ({ executor, lane: 'supersede', onWorkerLoss: 'rerun' }),
  log,
)
log.info({ concurrency: settings.concurrency }, 'waiting for jobs')

closeOnSignal(log, settings.drainMs + 10_000, async () => {
  await worker.close()
  redis.disconnect()
})
