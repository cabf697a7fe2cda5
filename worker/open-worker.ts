import { hostname } from 'node:os'
import { openChecks } from '../src/checks/checks.ts'
import { checkKeys } from '../src/checks/keys.ts'
import type { RulesInForce } from '../src/config/rules.ts'
import { openRepositories } from '../src/deliveries/repositories.ts'
import { fillIn } from '../src/deployments/fill-in.ts'
import { deploymentKeys } from '../src/deployments/keys.ts'
import { openRecords } from '../src/deployments/record.ts'
import { messageOf } from '../src/errors/errors.ts'
import { createPause } from '../src/github/pause.ts'
import { closeQueues, openQueues } from '../src/jobs/queues.ts'
import type { Logger } from '../src/log/log.ts'
import type { Redis } from '../src/redis/redis.ts'
import type { WorkerSettings } from '../src/settings/worker.ts'
import { noTracing } from '../src/tracing/tracing.ts'
import { version } from '../src/version.ts'
import { openPresence } from '../src/workers/roster.ts'
import { createWorkerMetrics } from './metrics.ts'
import { openTools } from './open-tools.ts'
import { attend } from './pools/attend.ts'
import { openQueueWorkers, type StartWorker } from './pools/queue-worker.ts'
import { openReconciler } from './reconciler/open-reconciler.ts'
import { startSchedule } from './reconciler/schedule.ts'
import { signInToGitHub } from './sign-in.ts'
import { startSweeping } from './sweeping.ts'
import { startWorker } from './worker.ts'
import type { WorkerOptions } from './worker-options.ts'

/** Short jobs that one process works on side by side; they mostly wait for GitHub. */
const eventsConcurrency = 20

/** A worker that was not heard of for so long is dead, however often it is to be heard of. */
const shortestAliveMs = 5000

/** A delivery that is this late is missed, unless missed ones are looked for more often than that. */
const longestGraceMs = 30_000

/** A worker at work. */
export interface OpenWorker {
  /** Takes no new job, gives what runs its time to end, hands back what does not, and closes what it opened. */
  close(): Promise<void>
}

/** Wires a worker together and starts it. The connection to Redis and the rules stay their owner's. */
export function openWorker(
  settings: WorkerSettings,
  redis: Redis,
  prefix: string,
  configuration: RulesInForce,
  log: Logger,
  options: WorkerOptions = {},
): OpenWorker {
  const { metrics = createWorkerMetrics(), tracing = noTracing } = options
  const { auth, github, rules } = signInToGitHub(settings, configuration, {
    ...{ log, pause: createPause(redis, prefix, log), observe: metrics.github, tracing },
    ca: settings.githubCa?.pem,
  })
  const { labels } = settings
  const name = `${hostname()}-${process.pid}`
  const queues = openQueues(redis, prefix, tracing.jobs)
  const keys = deploymentKeys(prefix)
  const records = openRecords(redis, keys, settings.retention)
  const checks = openChecks(redis, checkKeys(prefix), settings.retention)
  const ending = new AbortController()
  const { tools, close: closeTools } = openTools({
    ...{ settings, redis, prefix, rules, github, auth, queues, keys, records, checks, name, log },
    ...{ metrics, tracing, ending: ending.signal, options },
  })
  const shared = { redis, prefix, stalledMs: settings.stalledMs, tools }
  const start: StartWorker = (queue, concurrency, slots) =>
    startWorker({ ...shared, queue, concurrency, slots })
  const workers = {
    deployments: openQueueWorkers(start, settings.concurrency),
    checks: openQueueWorkers(start, settings.checkConcurrency),
  }
  const events = startWorker({ ...shared, queue: 'events', concurrency: eventsConcurrency })
  const me = { name, labels, version, concurrency: settings.concurrency, startedAt: Date.now() }
  const aliveMs = Math.max(3 * settings.stalledMs, shortestAliveMs)
  const attendance = attend({
    ...{ labels, pools: queues.pools, rules, workers, beatMs: settings.stalledMs, log },
    presence: openPresence(redis, prefix, me, aliveMs),
  })

  const closing = new AbortController()
  fillIn(redis, keys, closing.signal).catch((error: unknown) => {
    const reason = messageOf(error)
    if (!closing.signal.aborted) log.warn({ reason }, 'what older versions did not note, the next start will')
  })

  const { webhookUrl, reconcileMs } = settings
  const reconciler = openReconciler({
    redis,
    prefix,
    queues,
    records,
    checks,
    github,
    rules,
    webhookUrl,
    hasAppHook: settings.githubApp !== undefined,
    log,
    graceMs: Math.min(longestGraceMs, reconcileMs),
  })
  const stopSchedule =
    reconcileMs > 0 ? startSchedule(reconciler, { redis, prefix, intervalMs: reconcileMs, log }) : () => {}
  const { keptMs } = settings.retention
  const repositories = openRepositories(redis, prefix)
  const stopSweeping = startSweeping({ redis, prefix, keys, keptMs, rules, repositories, log })

  return {
    async close() {
      closing.abort()
      stopSchedule()
      stopSweeping()
      const timer = setTimeout(() => {
        log.warn('what still runs is stopped and handed back')
        ending.abort(new Error('The worker ends.'))
      }, settings.drainMs)
      await attendance.close()
      const { deployments, checks } = workers
      await Promise.all([reconciler, events, deployments, checks].map((each) => each.close()))
      await closeTools()
      clearTimeout(timer)
      await closeQueues(queues)
    },
  }
}
