import type { Identity } from '../access/identity.ts'
import { type Approvals, openApprovals } from '../approvals/approvals.ts'
import type { Audit } from '../audit/audit.ts'
import { type Checks, openChecks } from '../checks/checks.ts'
import { type CheckKeys, checkKeys } from '../checks/keys.ts'
import { type Gates, openGates } from '../ci/gates.ts'
import type { RulesInForce } from '../config/rules.ts'
import { openRepositories, type Repositories } from '../deliveries/repositories.ts'
import { openTrace, type Trace } from '../deliveries/trace.ts'
import { type Held, openHeld } from '../deployments/held.ts'
import { deploymentKeys, type Keys } from '../deployments/keys.ts'
import { type Logs, openLogs } from '../deployments/log.ts'
import { openRecords, type Records } from '../deployments/record.ts'
import { openSkipped, type SkippedMemory } from '../deployments/skipped.ts'
import type { Feed } from '../feed/feed.ts'
import { openFeed } from '../feed/open-feed.ts'
import { type FigureBook, openFigures } from '../figures/open-figures.ts'
import { createEnqueue } from '../jobs/enqueue.ts'
import type { Queues } from '../jobs/queues.ts'
import { type Freezes, openFreezes } from '../locks/freezes.ts'
import { type Locks, openLocks } from '../locks/locks.ts'
import { type MergeWaits, openMergeWaits } from '../merging/waits.ts'
import { type ChannelBook, openChannelBook } from '../notices/channel-book.ts'
import { openComparisonMemory } from '../overview/comparison-memory.ts'
import { openComparisons } from '../overview/open-comparisons.ts'
import { openOverview } from '../overview/open-overview.ts'
import type { Comparisons, Overview } from '../overview/overview.ts'
import type { Redis } from '../redis/redis.ts'
import { openWorkers, type Workers } from '../workers/roster.ts'

/** All that the API reads from. */
export interface Sources {
  identity: Identity
  audit: Audit
  rules: RulesInForce
  redis: Redis
  queues: Queues
  keys: Keys
  keyPrefix: string
  records: Records
  logs: Logs
  held: Held
  locks: Locks
  freezes: Freezes
  approvals: Approvals
  checks: Checks
  checkLogs: Logs
  checkKeys: CheckKeys
  gates: Gates
  skipped: SkippedMemory
  mergeWaits: MergeWaits
  trace: Trace
  repositories: Repositories
  /** All that changes. Whoever has these sources closes it in the end. */
  feed: Feed
  overview: Overview
  comparisons: Comparisons
  figures: FigureBook
  /** Who is told of deployments, and how that goes. */
  channels: Pick<ChannelBook, 'all'>
  /** Which workers are running. */
  workers: Workers
  /** Where people reach the receiver, and GitHub's pages, without a slash at the end. */
  publicUrl: string
  githubUrl: string
}

export interface SourceOptions {
  identity: Identity
  audit: Audit
  rules: RulesInForce
  redis: Redis
  queues: Queues
  keyPrefix: string
  publicUrl: string
  githubUrl: string
}

/** Opens what the API reads from. */
export function openSources({ redis, keyPrefix, ...options }: SourceOptions): Sources {
  const keys = deploymentKeys(keyPrefix)
  const ofChecks = checkKeys(keyPrefix)
  const held = openHeld(redis, keys, options.queues)
  const locks = openLocks(redis, keyPrefix, held)
  const freezes = openFreezes(redis, keyPrefix, held)
  const repositories = openRepositories(redis, keyPrefix)
  const comparisons = openComparisons({
    memory: openComparisonMemory(redis, keyPrefix),
    repositories,
    enqueue: createEnqueue(redis, options.queues, keyPrefix),
  })
  return {
    identity: options.identity,
    audit: options.audit,
    rules: options.rules,
    redis,
    queues: options.queues,
    keys,
    keyPrefix,
    records: openRecords(redis, keys),
    logs: openLogs(redis, keys),
    checks: openChecks(redis, ofChecks),
    checkLogs: openLogs(redis, ofChecks),
    checkKeys: ofChecks,
    gates: openGates(redis, keyPrefix),
    skipped: openSkipped(redis, keyPrefix),
    mergeWaits: openMergeWaits(redis, keyPrefix),
    trace: openTrace(redis, keyPrefix),
    repositories,
    held,
    locks,
    freezes,
    approvals: openApprovals(redis, keyPrefix, held),
    overview: openOverview({ redis, keys, rules: options.rules, repositories, comparisons, locks, freezes }),
    comparisons,
    figures: openFigures(redis, keys),
    channels: openChannelBook(redis, keyPrefix),
    workers: openWorkers(redis, keyPrefix),
    feed: openFeed(redis, keyPrefix),
    publicUrl: options.publicUrl,
    githubUrl: options.githubUrl,
  }
}
