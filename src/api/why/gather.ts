import { findEnvironment } from '../../config/find-environment.ts'
import type { EnvironmentRules, Rules } from '../../config/rules.ts'
import type { KnownRepository } from '../../deliveries/repositories.ts'
import type { TracedArrival } from '../../deliveries/trace-entry.ts'
import type { HeldNote } from '../../deployments/held.ts'
import { listDeployments, readRecords } from '../../deployments/list.ts'
import { type DeploymentRecord, isFinal } from '../../deployments/record.ts'
import { decide } from '../../events/decide.ts'
import { pauseKey } from '../../github/pause.ts'
import { fullName } from '../../jobs/job.ts'
import { usualLabels } from '../../jobs/labels.ts'
import { queueNameOf } from '../../jobs/pools.ts'
import { redisTime } from '../../redis/time.ts'
import type { Sources } from '../sources.ts'
import type { Facts, JobFact } from './facts.ts'
import { gatherApprovals, gatherHolds, type HeldFact, holdsOfRules, nothingHolds } from './hold-facts.ts'
import { listJobs } from './list-jobs.ts'
import { findUnsent, readStatuses, saidOf } from './statuses.ts'

const recentDeliveries = 200
const shownDeliveries = 10
const recentDeployments = 20
const shownDeployments = 5

/** Reads all that is known about a repository and environment; `name` is what was asked for. */
export async function gatherFacts(sources: Sources, name: string, environment: string): Promise<Facts> {
  const { redis, keyPrefix, repositories } = sources
  const pause = pauseKey(keyPrefix, sources.rules.current.ourApp && name.split('/')[0])
  const [known, nowMs, reason, leftMs, roster] = await Promise.all([
    repositories.named(name),
    redisTime(redis, pause),
    redis.get(pause),
    redis.pttl(pause),
    sources.workers.look(),
  ])
  const ofRepository = sources.rules.current.of(name)
  const rules = ofRepository && findEnvironment(ofRepository, environment)
  const needed = rules?.runsOn ?? usualLabels
  const facts: Facts = {
    repository: known ? fullName(known) : name,
    environment,
    nowMs,
    isKnown: known !== undefined,
    // A merge is a push, too.
    deploysMerges:
      rules?.on === 'push' ||
      (known !== undefined && deploysMerges(known, environment, sources.rules.current)),
    ...rulesOf(rules),
    holds: rules === undefined ? nothingHolds : holdsOfRules(rules, nowMs),
    ...(reason !== null && leftMs > 0 ? { pause: { reason, leftMs } } : {}),
    workers: roster.workers.length,
    ...(roster.unattended.has(queueNameOf('deployments', needed)) ? { lackedLabels: needed } : {}),
    waiting: [],
    held: [],
    jobs: [],
    unsent: [],
    stopped: [],
    skipped: [],
    merges: [],
    mergesGivenUp: [],
    refused: [],
    finished: [],
  }
  return known ? { ...facts, ...(await gatherLane(sources, known, facts, rules)) } : facts
}

async function gatherLane(
  sources: Sources,
  { id }: KnownRepository,
  { environment, nowMs, holds: ofRules }: Facts,
  rules: EnvironmentRules | undefined,
) {
  const { redis, keys, trace, gates, mergeWaits } = sources
  const [lane, waitingIds, recent, deliveries, jobs, stopped, skipped, merges, mergesGivenUp, notes, holds] =
    await Promise.all([
      redis.hgetall(keys.lane(id, environment)),
      redis.hkeys(keys.waiting(id, environment)),
      listDeployments(redis, keys, { repositoryId: id, environment }, recentDeployments),
      trace.list({ repositoryId: id }, recentDeliveries),
      listJobs(sources, id, environment),
      gates.stopped(id, environment),
      sources.skipped.list(id, environment),
      mergeWaits.list(id),
      mergeWaits.givenUp(id),
      sources.held.list(id, environment),
      gatherHolds(sources, id, environment, ofRules),
    ])
  const holder = Number(lane.holder ?? 0)
  const ids = waitingIds.map(Number).filter((waiting) => waiting !== holder)
  const records = await readRecords(
    redis,
    keys,
    [holder, ...ids, ...notes.map(({ deployment }) => deployment)].filter((wanted) => wanted !== 0),
  )
  const waiting = ids
    .map((waitingId) => records.get(waitingId))
    .filter((record) => record !== undefined && !isFinal(record.state)) as DeploymentRecord[]
  const running = records.get(holder)
  const statuses = await readStatuses(sources.records, recent.records)
  return {
    ...(running
      ? { running: { record: running, leaseLeftMs: Math.max(0, Number(lane.leaseUntil ?? 0) - nowMs) } }
      : {}),
    waiting: waiting.toSorted((a, b) => a.id - b.id),
    held: await gatherHeld(sources, notes, records, rules, nowMs),
    holds,
    jobs: jobs.filter((job) => !isToldAlready(job, [...records.values(), ...recent.records])),
    unsent: findUnsent(recent.records, statuses, jobs),
    stopped,
    skipped,
    merges,
    mergesGivenUp,
    refused: deliveries.arrivals.filter(couldHaveDeployed).slice(0, shownDeliveries),
    finished: recent.records
      .filter(({ state }) => isFinal(state))
      .slice(0, shownDeployments)
      .map((record) => ({ record, ...saidOf(statuses.get(record.id)) })),
  }
}

/** One that is over, or has begun, is held back no more, whatever was noted. */
async function gatherHeld(
  sources: Sources,
  notes: HeldNote[],
  records: Map<number, DeploymentRecord>,
  rules: EnvironmentRules | undefined,
  nowMs: number,
): Promise<HeldFact[]> {
  const facts = notes.map(async (note) => {
    const record = records.get(note.deployment)
    if (record?.state !== 'pending' && record?.state !== 'queued') return []
    return [{ record, note, approvals: await gatherApprovals(sources, record, rules, nowMs) }]
  })
  return (await Promise.all(facts)).flat()
}

/** What runs, waits in the lane or is over is told of by its record. */
function isToldAlready({ name, number }: JobFact, records: DeploymentRecord[]): boolean {
  if (name === 'start-deployment') return false
  const record = records.find(({ id }) => id === number)
  return record !== undefined && record.state !== 'pending'
}

/** Most of what is ignored never asks for a deployment: it would only hide what does. */
function couldHaveDeployed({ outcome, event, action }: TracedArrival): boolean {
  if (outcome === 'refused' || outcome === 'unavailable') return true
  if (outcome !== 'ignored') return false
  return (event === 'pull_request' && action === 'closed') || (event === 'deployment' && action === 'created')
}

/** What the rules say of the environment itself. */
function rulesOf(
  found: EnvironmentRules | undefined,
): Pick<Facts, 'after' | 'isEnvironment' | 'deploysTags' | 'hasPaths' | 'waitMs'> {
  return {
    isEnvironment: found !== undefined,
    deploysTags: found?.on === 'tag',
    hasPaths: found !== undefined && found.paths.length > 0,
    ...(found?.after === undefined ? {} : { after: found.after }),
    ...(found?.waitMs ? { waitMs: found.waitMs } : {}),
  }
}

/** Asks the decision itself, with a merge that nobody made. */
function deploysMerges({ id, owner, name }: KnownRepository, environment: string, rules: Rules): boolean {
  const sha = '0'.repeat(40)
  const branch = rules.of(`${owner}/${name}`)?.branch ?? 'main'
  const decision = decide(
    'pull_request',
    {
      action: 'closed',
      repository: { id, name, full_name: `${owner}/${name}`, default_branch: branch },
      pull_request: {
        number: 1,
        title: '',
        user: null,
        merged: true,
        updated_at: new Date(0).toISOString(),
        merge_commit_sha: sha,
        head: { sha },
        base: { ref: branch },
      },
    },
    'none',
    rules,
  )
  return (
    decision.outcome === 'jobs' &&
    decision.jobs.some((job) => job.name === 'start-deployment' && job.data.environment === environment)
  )
}
