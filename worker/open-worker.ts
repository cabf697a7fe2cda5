import { hostname } from 'node:os'
import { openApprovals } from '../src/approvals/approvals.ts'
import { openAudit } from '../src/audit/open-audit.ts'
import { openCallbacks } from '../src/callbacks/callbacks.ts'
import { openChecks } from '../src/checks/checks.ts'
import { checkKeys } from '../src/checks/keys.ts'
import { openGates } from '../src/ci/gates.ts'
import { openCiWaiting } from '../src/ci/waiting.ts'
import { findEnvironment } from '../src/config/find-environment.ts'
import type { RulesInForce } from '../src/config/rules.ts'
import { openRepositories } from '../src/deliveries/repositories.ts'
import { askersOf, speakerOf } from '../src/deployments/askers.ts'
import { openCancelling } from '../src/deployments/cancelling.ts'
import { fillIn } from '../src/deployments/fill-in.ts'
import { findNewerLockTask } from '../src/deployments/find-newer-lock-task.ts'
import { openHeld } from '../src/deployments/held.ts'
import { deploymentKeys } from '../src/deployments/keys.ts'
import { openLanes } from '../src/deployments/lanes.ts'
import { readLastDeployed } from '../src/deployments/last-deployed.ts'
import { openLogs } from '../src/deployments/log.ts'
import { openMergeOrder } from '../src/deployments/merge-order.ts'
import { openOurAccounts } from '../src/deployments/our-accounts.ts'
import { readRollbackFacts } from '../src/deployments/read-rollback-facts.ts'
import { openRecords } from '../src/deployments/record.ts'
import { openSkipped } from '../src/deployments/skipped.ts'
import { readUnfinished } from '../src/deployments/unfinished.ts'
import { messageOf } from '../src/errors.ts'
import { openFeedWriter } from '../src/feed/writer.ts'
import { readBudget } from '../src/github/budget.ts'
import { commonSecret, secretsOf } from '../src/github/credentials.ts'
import { createPause } from '../src/github/pause.ts'
import { openHoldFacts } from '../src/holds/facts.ts'
import { runCheckJobId } from '../src/jobs/check-job-ids.ts'
import { createEnqueue } from '../src/jobs/enqueue.ts'
import { fullName, type ProcessDeployment } from '../src/jobs/job.ts'
import { closeQueues, openQueues } from '../src/jobs/queues.ts'
import { openFreezes } from '../src/locks/freezes.ts'
import { openLocks } from '../src/locks/locks.ts'
import type { Logger } from '../src/log.ts'
import { openMergeAsks } from '../src/merging/asks.ts'
import { openMergeLooks } from '../src/merging/looks.ts'
import { openMergeWaits } from '../src/merging/waits.ts'
import { openAnnounced } from '../src/notices/announced.ts'
import { render } from '../src/notices/render.ts'
import { openRequests } from '../src/operations/requests.ts'
import { openComparisonMemory } from '../src/overview/comparison-memory.ts'
import { findPredecessor, usualMs } from '../src/overview/history.ts'
import type { Redis } from '../src/redis.ts'
import type { WorkerSettings } from '../src/settings/worker.ts'
import { openTraceMemory } from '../src/tracing/memory.ts'
import { noTracing, type Tracing } from '../src/tracing/tracing.ts'
import { version } from '../src/version.ts'
import { openPresence, openWorkers } from '../src/workers/roster.ts'
import { cacheOfHost } from './cache-of-host.ts'
import { openCallbackAddresses } from './callback-addresses.ts'
import { createCheckCommand } from './checks/command.ts'
import { openCheckReports } from './checks/reports.ts'
import { openCommanding } from './commands/open-commanding.ts'
import { usualCommandPace } from './commands/tools.ts'
import { openExclusively } from './exclusively.ts'
import { openWorkspace } from './executors/command/workspace.ts'
import { commandGraceMs } from './executors/index.ts'
import { type CiLooks, createGateFor, type GateFor, usualLooks } from './gate-rules.ts'
import { usualMergePace } from './merging/tools.ts'
import { createWorkerMetrics, type WorkerMetrics } from './metrics.ts'
import type { OpenChannelsOptions } from './notices/channel-options.ts'
import { openChannels } from './notices/channels.ts'
import { openOutbox } from './outbox.ts'
import { attend } from './pools/attend.ts'
import { openQueueWorkers, type StartWorker } from './pools/queue-worker.ts'
import { openProtection } from './protection/open-protection.ts'
import { openOutboxOfAll } from './protection/outbox.ts'
import { tellWaiting } from './protection/tell-waiting.ts'
import { openReconciler } from './reconciler/open-reconciler.ts'
import { startSchedule } from './reconciler/schedule.ts'
import { createRulesFor, type RunRules } from './rules.ts'
import { signInToGitHub } from './sign-in.ts'
import { startSweeping } from './sweeping.ts'
import type { Tools } from './tools.ts'
import { openWhenNeeded } from './when-needed.ts'
import { startWorker } from './worker.ts'
import { openWritersTurns } from './writers-turn.ts'

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

/** What a worker does otherwise than its rules and settings say. */
export interface WorkerOptions {
  /** Changes how each run is done. */
  change?: (runRules: RunRules, job: ProcessDeployment) => RunRules
  gateFor?: GateFor
  looks?: CiLooks
  /** How often a pull request that is to be merged is looked at. */
  mergePace?: CiLooks
  /** How often what a comment asked for is looked at. */
  commandPace?: CiLooks
  metrics?: WorkerMetrics
  /** Is told what is done; nobody is unless given. */
  tracing?: Tracing | undefined
  /** How patient those who are told are, and in what words they are. */
  notices?: Partial<Pick<OpenChannelsOptions, 'timing' | 'render'>>
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
  const { looks = usualLooks, mergePace = usualMergePace, metrics = createWorkerMetrics() } = options
  const { commandPace = usualCommandPace, tracing = noTracing } = options
  const { auth, github, rules } = signInToGitHub(settings, configuration, {
    ...{
      log,
      pause: createPause(redis, prefix, log),
      observe: metrics.github,
      tracing,
      ca: settings.githubCa?.pem,
    },
  })
  const { change = (runRules) => runRules, gateFor = createGateFor(rules) } = options
  const { labels } = settings
  const name = `${hostname()}-${process.pid}`
  const queues = openQueues(redis, prefix, tracing.jobs)
  const keys = deploymentKeys(prefix)
  const records = openRecords(redis, keys, settings.retention)
  const ending = new AbortController()
  const workspace = openWhenNeeded(() =>
    openWorkspace({
      directory: cacheOfHost(settings.cacheDir, settings.githubServerUrl),
      serverUrl: settings.githubServerUrl,
      caFile: settings.githubCa?.file,
      token: (repository) => auth.tokenFor(repository, { contents: 'read' }),
      hostEnv: settings.hostEnv,
      maxBytes: settings.cacheMaxBytes,
    }),
  )
  const callbacks = openCallbackAddresses({
    redis,
    callbacks: openCallbacks(redis, keys, prefix),
    publicUrl: settings.publicUrl,
    secret: commonSecret(settings),
  })
  const configured = createRulesFor(rules, settings, workspace.get, callbacks)
  const exclusively = openExclusively(redis, settings.leaseMs)
  const ofChecks = checkKeys(prefix)
  const checks = openChecks(redis, ofChecks, settings.retention)
  const held = openHeld(redis, keys, queues)
  const requests = openRequests(redis, prefix)
  const ourAccounts = openOurAccounts(redis, prefix)
  const enqueue = createEnqueue(redis, queues, prefix, rules)
  const channels = openChannels({
    ...{ redis, prefix, rules, log, stalledMs: settings.stalledMs, ending: ending.signal, tracing },
    render,
    ...options.notices,
  })
  const protection = openProtection({
    ...{ redis, keys, queues, records, github, exclusively, held, log },
    publicUrl: settings.publicUrl,
    tell: (job, description, index) => tellWaiting(job, description, index, tools),
  })
  const tools: Tools = {
    github,
    records,
    lanes: openLanes(redis, keys, queues, settings.leaseMs),
    cancelling: openCancelling(redis, keys, queues),
    held,
    holdFacts: openHoldFacts(redis, prefix),
    locks: openLocks(redis, prefix, held),
    freezes: openFreezes(redis, prefix, held),
    approvals: openApprovals(redis, prefix, held),
    isForced: async (record) =>
      record.overriddenBy !== undefined || (await requests.believed(record))?.force === true,
    askersOf: async (record) => askersOf(record, await requests.believed(record)),
    speakersOf: async (record) => {
      const request = await requests.believed(record)
      return [request?.by ?? speakerOf(record, await ourAccounts.has(record.creator))]
    },
    newerLockTask: (job) => findNewerLockTask(redis, keys, job),
    ourAccounts,
    rollbackFacts: (from) => readRollbackFacts(redis, keys, from),
    enqueue,
    unfinished: () => readUnfinished(redis, keys, records),
    outbox: openOutboxOfAll(
      openOutbox({
        redis,
        keys,
        records,
        github,
        logUrl: ({ repository, deployment }) =>
          `${settings.publicUrl}/deployments/${fullName(repository)}/${deployment.id}`,
        exclusively,
        tracing,
        inTurn: openWritersTurns(redis, keys, settings.leaseMs),
        environmentUrl: ({ repository, deployment }) => {
          const ofRepository = rules.current.of(fullName(repository))
          return ofRepository && findEnvironment(ofRepository, deployment.environment)?.url
        },
      }),
      protection.reports,
    ),
    protection,
    mergeOrder: openMergeOrder(redis, prefix),
    logs: openLogs(redis, keys),
    exclusively: (subject, work) => exclusively(`${prefix}:${subject}`, work),
    rules,
    rulesFor: (job) => change(configured(job), job),
    gates: openGates(redis, prefix),
    ciWaiting: openCiWaiting(redis, prefix, queues),
    skipped: openSkipped(redis, prefix),
    requests,
    lastDeployed: (repository, environment) => readLastDeployed(redis, keys, repository, environment),
    gateFor,
    ciLooks: looks,
    checks,
    checkReports: openCheckReports({
      checks,
      keys: ofChecks,
      github,
      exclusively,
      publicUrl: settings.publicUrl,
    }),
    checkLogs: openLogs(redis, ofChecks),
    queueCheck: async (job, labels) => {
      const queue = queues.pools.queue('checks', labels)
      await queues.pools.note(queue.name)
      await queue.add('run-check', job, { jobId: runCheckJobId(job.check, job.run) })
    },
    runCheckCommand: createCheckCommand({
      workspace: workspace.get,
      secrets: () => [...rules.current.secrets, ...secretsOf(settings)],
      graceMs: commandGraceMs(settings.leaseMs),
    }),
    merging: {
      asks: openMergeAsks(redis, prefix),
      waits: openMergeWaits(redis, prefix),
      looks: openMergeLooks(queues),
      pace: mergePace,
    },
    commands: openCommanding({
      ...{ redis, prefix, queues, enqueue, rules, github, log, pace: commandPace },
      publicUrl: settings.publicUrl,
      githubUrl: settings.githubServerUrl,
    }),
    comparisons: openComparisonMemory(redis, prefix),
    notices: {
      channels,
      announced: openAnnounced(redis, prefix),
      history: {
        usualMs: (repositoryId, environment) => usualMs(redis, keys, repositoryId, environment),
        predecessor: (record) => findPredecessor(redis, keys, record),
      },
      pages: { publicUrl: settings.publicUrl, githubUrl: settings.githubServerUrl },
    },
    budget: readBudget(redis, prefix),
    noteChange: openFeedWriter(redis, prefix).note,
    audit: openAudit(redis, prefix),
    metrics,
    tracing,
    traces: openTraceMemory(redis, prefix, tracing),
    worker: name,
    labels,
    workers: openWorkers(redis, prefix),
    pools: queues.pools,
    leaseMs: settings.leaseMs,
    log,
    ending: ending.signal,
  }
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
      // Until then, they may have something to tell.
      await channels.close()
      clearTimeout(timer)
      await workspace.close()
      callbacks.close()
      await closeQueues(queues)
    },
  }
}
