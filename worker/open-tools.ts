import { openApprovals } from '../src/approvals/approvals.ts'
import { openAudit } from '../src/audit/open-audit.ts'
import { openCallbacks } from '../src/callbacks/callbacks.ts'
import type { Checks } from '../src/checks/checks.ts'
import { checkKeys } from '../src/checks/keys.ts'
import { openGates } from '../src/ci/gates.ts'
import { openCiWaiting } from '../src/ci/waiting.ts'
import { findEnvironment } from '../src/config/find-environment.ts'
import type { RulesInForce } from '../src/config/rules.ts'
import { askersOf, speakerOf } from '../src/deployments/askers.ts'
import { openCancelling } from '../src/deployments/cancelling.ts'
import { findNewerLockTask } from '../src/deployments/find-newer-lock-task.ts'
import { openHeld } from '../src/deployments/held.ts'
import type { Keys } from '../src/deployments/keys.ts'
import { openLanes } from '../src/deployments/lanes.ts'
import { readLastDeployed } from '../src/deployments/last-deployed.ts'
import { openLogs } from '../src/deployments/log.ts'
import { openMergeOrder } from '../src/deployments/merge-order.ts'
import { openOurAccounts } from '../src/deployments/our-accounts.ts'
import { readRollbackFacts } from '../src/deployments/read-rollback-facts.ts'
import type { Records } from '../src/deployments/record.ts'
import { openSkipped } from '../src/deployments/skipped.ts'
import { readUnfinished } from '../src/deployments/unfinished.ts'
import { openFeedWriter } from '../src/feed/writer.ts'
import type { Auth } from '../src/github/auth.ts'
import { readBudget } from '../src/github/budget.ts'
import type { GitHub } from '../src/github/client.ts'
import { commonSecret, secretsOf } from '../src/github/credentials.ts'
import { openHoldFacts } from '../src/holds/facts.ts'
import { runCheckJobId } from '../src/jobs/check-job-ids.ts'
import { createEnqueue } from '../src/jobs/enqueue.ts'
import { fullName } from '../src/jobs/job.ts'
import type { Queues } from '../src/jobs/queues.ts'
import { openFreezes } from '../src/locks/freezes.ts'
import { openLocks } from '../src/locks/locks.ts'
import type { Logger } from '../src/log/log.ts'
import { openMergeAsks } from '../src/merging/asks.ts'
import { openMergeLooks } from '../src/merging/looks.ts'
import { openMergeWaits } from '../src/merging/waits.ts'
import { openAnnounced } from '../src/notices/announced.ts'
import { render } from '../src/notices/render.ts'
import { openRequests } from '../src/operations/requests.ts'
import { openComparisonMemory } from '../src/overview/comparison-memory.ts'
import { findPredecessor, usualMs } from '../src/overview/history.ts'
import type { Redis } from '../src/redis/redis.ts'
import type { WorkerSettings } from '../src/settings/worker.ts'
import { openTraceMemory } from '../src/tracing/memory.ts'
import type { Tracing } from '../src/tracing/tracing.ts'
import { openWorkers } from '../src/workers/roster.ts'
import { cacheOfHost } from './cache-of-host.ts'
import { createCheckCommand } from './checks/command.ts'
import { openCheckReports } from './checks/reports.ts'
import { openCommanding } from './commands/open-commanding.ts'
import { usualCommandPace } from './commands/tools.ts'
import { openExclusively } from './exclusively.ts'
import { openWorkspace } from './executors/command/workspace.ts'
import { commandGraceMs } from './executors/index.ts'
import { openCallbackAddresses } from './executors/request/callback-addresses.ts'
import { createGateFor, usualLooks } from './gate-rules.ts'
import { usualMergePace } from './merging/tools.ts'
import type { WorkerMetrics } from './metrics.ts'
import { openChannels } from './notices/channels.ts'
import { openOutbox } from './outbox/outbox.ts'
import { openWritersTurns } from './outbox/writers-turn.ts'
import { openProtection } from './protection/open-protection.ts'
import { openOutboxOfAll } from './protection/outbox.ts'
import { tellWaiting } from './protection/tell-waiting.ts'
import { createRulesFor } from './rules.ts'
import type { Tools } from './tools.ts'
import { openWhenNeeded } from './when-needed.ts'
import type { WorkerOptions } from './worker-options.ts'

/** What the tools of a worker are made of. */
export interface ToolParts {
  settings: WorkerSettings
  redis: Redis
  prefix: string
  rules: RulesInForce
  github: GitHub
  auth: Auth
  queues: Queues
  keys: Keys
  records: Records
  checks: Checks
  /** This worker's name in the record. */
  name: string
  log: Logger
  metrics: WorkerMetrics
  tracing: Tracing
  /** Aborted when the worker ends and its runs have had their time. */
  ending: AbortSignal
  options: WorkerOptions
}

/** The tools of a worker, and what they keep open. */
export interface OpenTools {
  tools: Tools
  /** Closes what was opened for them, once nobody works any more. */
  close(): Promise<void>
}

/** Puts together what the handlers of jobs work with. */
export function openTools(parts: ToolParts): OpenTools {
  const { settings, redis, prefix, rules, github, auth, queues, keys, records, checks } = parts
  const { name, log, metrics, tracing, ending, options } = parts
  const { looks = usualLooks, mergePace = usualMergePace, commandPace = usualCommandPace } = options
  const { change = (runRules) => runRules, gateFor = createGateFor(rules) } = options
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
  const held = openHeld(redis, keys, queues)
  const requests = openRequests(redis, prefix)
  const ourAccounts = openOurAccounts(redis, prefix)
  const enqueue = createEnqueue(redis, queues, prefix, rules)
  const channels = openChannels({
    ...{ redis, prefix, rules, log, stalledMs: settings.stalledMs, ending, tracing },
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
    labels: settings.labels,
    workers: openWorkers(redis, prefix),
    pools: queues.pools,
    leaseMs: settings.leaseMs,
    log,
    ending,
  }
  return {
    tools,
    async close() {
      // Until then, they may have something to tell.
      await channels.close()
      await workspace.close()
      callbacks.close()
    },
  }
}
