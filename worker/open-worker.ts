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
import { messageOf } from '../src/errors.ts'
import { openFeedWriter } from '../src/feed/writer.ts'
import { readBudget } from '../src/github/budget.ts'
import { createGitHub } from '../src/github/client.ts'
import { createPause } from '../src/github/pause.ts'
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
import { openReconciler } from './reconciler/open-reconciler.ts'
import { startSchedule } from './reconciler/schedule.ts'
import { createRulesFor, type RunRules } from './rules.ts'
import type { Tools } from './tools.ts'
import { openWhenNeeded } from './when-needed.ts'
import { startWorker } from './worker.ts'

/** Short jobs that one process works on side by side; they mostly wait for GitHub. */
const eventsConcurrency = 20

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
  /** How patient those who are told are, and in what words they are. */
  notices?: Partial<Pick<OpenChannelsOptions, 'timing' | 'render'>>
}

/** Wires a worker together and starts it. The connection to Redis and the rules stay their owner's. */
export function openWorker(
  settings: WorkerSettings,
  redis: Redis,
  prefix: string,
  rules: RulesInForce,
  log: Logger,
  options: WorkerOptions = {},
): OpenWorker {
  const { change = (runRules) => runRules, gateFor = createGateFor(rules) } = options
  const { looks = usualLooks, mergePace = usualMergePace, metrics = createWorkerMetrics() } = options
  const { commandPace = usualCommandPace } = options
  const queues = openQueues(redis, prefix)
  const keys = deploymentKeys(prefix)
  const records = openRecords(redis, keys, settings.retention)
  const pause = createPause(redis, prefix, log)
  const github = createGitHub({
    ...{ token: settings.githubToken, apiUrl: settings.githubApiUrl, log, pause },
    observe: metrics.github,
    ca: settings.githubCa?.pem,
  })
  const ending = new AbortController()
  const workspace = openWhenNeeded(() =>
    openWorkspace({
      directory: cacheOfHost(settings.cacheDir, settings.githubServerUrl),
      serverUrl: settings.githubServerUrl,
      caFile: settings.githubCa?.file,
      token: () => settings.githubToken,
      hostEnv: settings.hostEnv,
      maxBytes: settings.cacheMaxBytes,
    }),
  )
  const callbacks = openCallbackAddresses({
    redis,
    callbacks: openCallbacks(redis, keys, prefix),
    publicUrl: settings.publicUrl,
    secret: settings.githubToken,
  })
  const configured = createRulesFor(rules, settings, workspace.get, callbacks)
  const exclusively = openExclusively(redis, settings.leaseMs)
  const ofChecks = checkKeys(prefix)
  const checks = openChecks(redis, ofChecks, settings.retention)
  const held = openHeld(redis, keys, queues)
  const requests = openRequests(redis, prefix)
  const ourAccounts = openOurAccounts(redis, prefix)
  const enqueue = createEnqueue(redis, queues, prefix)
  const channels = openChannels({
    ...{ redis, prefix, rules, log, stalledMs: settings.stalledMs, ending: ending.signal },
    render,
    ...options.notices,
  })
  const tools: Tools = {
    github,
    records,
    lanes: openLanes(redis, keys, queues, settings.leaseMs),
    cancelling: openCancelling(redis, keys, queues),
    held,
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
    outbox: openOutbox({
      redis,
      keys,
      records,
      github,
      logUrl: ({ repository, deployment }) =>
        `${settings.publicUrl}/deployments/${fullName(repository)}/${deployment.id}`,
      exclusively,
      environmentUrl: ({ repository, deployment }) => {
        const ofRepository = rules.current.of(fullName(repository))
        return ofRepository && findEnvironment(ofRepository, deployment.environment)?.url
      },
    }),
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
    queueCheck: async (job) => {
      await queues.checks.add('run-check', job, { jobId: runCheckJobId(job.check, job.run) })
    },
    runCheckCommand: createCheckCommand({
      workspace: workspace.get,
      secrets: () => [...rules.current.secrets, settings.githubToken],
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
    worker: `${hostname()}-${process.pid}`,
    leaseMs: settings.leaseMs,
    log,
    ending: ending.signal,
  }
  const shared = { redis, prefix, stalledMs: settings.stalledMs, tools }
  const workers = [
    startWorker({ ...shared, queue: 'deployments', concurrency: settings.concurrency }),
    startWorker({ ...shared, queue: 'events', concurrency: eventsConcurrency }),
    startWorker({ ...shared, queue: 'checks', concurrency: settings.checkConcurrency }),
  ]

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
    log,
    graceMs: Math.min(longestGraceMs, reconcileMs),
  })
  const stopSchedule =
    reconcileMs > 0 ? startSchedule(reconciler, { redis, prefix, intervalMs: reconcileMs, log }) : () => {}

  return {
    async close() {
      closing.abort()
      stopSchedule()
      const timer = setTimeout(() => {
        log.warn('what still runs is stopped and handed back')
        ending.abort(new Error('The worker ends.'))
      }, settings.drainMs)
      await Promise.all([reconciler.close(), ...workers.map((worker) => worker.close())])
      // Until then, they may have something to tell.
      await channels.close()
      clearTimeout(timer)
      await workspace.close()
      callbacks.close()
      await closeQueues(queues)
    },
  }
}
