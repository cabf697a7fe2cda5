import { hostname } from 'node:os'
import { deploymentKeys } from '../src/deployments/keys.ts'
import { openLanes } from '../src/deployments/lanes.ts'
import { openLogs } from '../src/deployments/log.ts'
import { openOutbox } from '../src/deployments/outbox.ts'
import { openRecords } from '../src/deployments/record.ts'
import { createGitHub } from '../src/github/client.ts'
import { createPause } from '../src/github/pause.ts'
import { fullName } from '../src/jobs/job.ts'
import { closeQueues, openQueues } from '../src/jobs/queues.ts'
import { createLogger } from '../src/log.ts'
import { connectPatiently, keyPrefix } from '../src/redis.ts'
import { readWorkerSettings } from '../src/settings.ts'
import { closeOnSignal } from '../src/shutdown.ts'
import { settingsOrExit } from '../src/start-up.ts'
import { simulate } from './executors/simulate.ts'
import { startWorker } from './worker.ts'

/** A worker: runs deployments and everything around them that takes time. */
const settings = settingsOrExit(readWorkerSettings)
const log = createLogger(settings.logLevel, 'worker')
const redis = connectPatiently(settings.redisUrl, log)
const queues = openQueues(redis, keyPrefix)
const keys = deploymentKeys(keyPrefix)
const records = openRecords(redis, keys)
const github = createGitHub({
  token: settings.githubToken,
  apiUrl: settings.githubApiUrl,
  log,
  pause: createPause(redis, keyPrefix, log),
})
const ending = new AbortController()
const tools = {
  github,
  records,
  lanes: openLanes(redis, keys, queues, { policy: 'supersede', leaseMs: settings.leaseMs }),
  outbox: openOutbox(redis, keys, records, github, ({ repository, deployment }) => {
    return `${settings.publicUrl}/api/deployments/${fullName(repository)}/${deployment.id}/log`
  }),
  logs: openLogs(redis, keys),
  executor: simulate(settings.simulatedWorkMs),
  onWorkerLoss: 'rerun' as const,
  worker: `${hostname()}-${process.pid}`,
  leaseMs: settings.leaseMs,
  log,
  ending: ending.signal,
}
const shared = { redis, prefix: keyPrefix, stalledMs: settings.stalledMs, tools }
const workers = [
  startWorker({ ...shared, queue: 'deployments', concurrency: settings.concurrency }),
  startWorker({ ...shared, queue: 'events', concurrency: 20 }),
]
log.info({ concurrency: settings.concurrency }, 'waiting for jobs')

closeOnSignal(log, settings.drainMs + 10_000, async () => {
  const timer = setTimeout(() => {
    log.warn('what still runs is stopped and handed back')
    ending.abort(new Error('The worker ends.'))
  }, settings.drainMs)
  await Promise.all(workers.map((worker) => worker.close()))
  clearTimeout(timer)
  await closeQueues(queues)
  redis.disconnect()
})
