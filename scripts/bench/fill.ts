import { openTrace } from '../../src/deliveries/trace.ts'
import { fillIn } from '../../src/deployments/fill-in.ts'
import { deploymentKeys, type Keys } from '../../src/deployments/keys.ts'
import { openLogs } from '../../src/deployments/log.ts'
import { defaultRetention } from '../../src/deployments/record.ts'
import { fullName } from '../../src/jobs/job.ts'
import { openComparisonMemory } from '../../src/overview/comparison-memory.ts'
import type { Redis } from '../../src/redis/redis.ts'
import { seededRandom } from '../faults/random.ts'
import { type StoryOptions, type ToldDeployment, type ToldLane, tellLanes, tellStory } from './story.ts'
import { deliveryOf, recordOf, statusesOf } from './told-record.ts'

export interface Filled {
  lanes: ToldLane[]
  deployments: ToldDeployment[]
}

const atOnce = 500
const deliveriesTold = 1000

/**
 * Fills a Redis with months of deployments, as the scripts of src/deployments/ would have left them: those go by Redis's clock, and
 * could not tell of the past. What the indexes of lanes and outcomes have is filled in by the program itself.
 */
export async function fill(redis: Redis, prefix: string, options: StoryOptions): Promise<Filled> {
  const keys = deploymentKeys(prefix)
  const lanes = tellLanes(options)
  const deployments = tellStory(lanes, options)
  for (let from = 0; from < deployments.length; from += atOnce) {
    await writeAll(redis, keys, deployments.slice(from, from + atOnce), options.now)
  }
  await writeLanes(redis, keys, deployments, options.now)
  await fillIn(redis, keys)
  await writeDeliveries(redis, prefix, lanes, deployments)
  await writeComparisons(redis, prefix, lastSuccesses(deployments), options.seed)
  await writeLogs(redis, keys, deployments)
  return { lanes, deployments }
}

async function writeAll(redis: Redis, keys: Keys, deployments: ToldDeployment[], now: number): Promise<void> {
  const pipeline = redis.pipeline()
  for (const one of deployments) {
    const { id, lane, finishedAt } = one
    pipeline.hset(keys.record(id), recordOf(one))
    const statuses = statusesOf(one)
    pipeline.rpush(keys.statuses(id), ...statuses.map((status) => JSON.stringify(status)))
    for (const index of [
      keys.all,
      keys.ofRepository(lane.repository.id),
      keys.ofLane(lane.repository.id, lane.environment),
    ]) {
      pipeline.zadd(index, id, id)
    }
    if (finishedAt === undefined) continue
    const leftMs = Math.max(60_000, Math.round(finishedAt + defaultRetention.keptMs - now))
    for (const key of [keys.record(id), keys.statuses(id)]) pipeline.pexpire(key, leftMs)
  }
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
}

/** What is deployed in each lane, by the lane's name. */
function lastSuccesses(deployments: ToldDeployment[]): Map<string, ToldDeployment> {
  const done = deployments.filter(({ state }) => state === 'success')
  return new Map(done.map((one) => [`${one.lane.repository.id}:${one.lane.environment}`, one]))
}

/** A run that nobody renews would be taken for lost: these last for a day. */
const leaseMs = 24 * 3600_000

/** A lane as the last of its deployments left it. */
interface LaneAtEnd {
  fields: Record<string, string | number>
  waiting: Record<string, number>
}

async function writeLanes(
  redis: Redis,
  keys: Keys,
  deployments: ToldDeployment[],
  now: number,
): Promise<void> {
  const pipeline = redis.pipeline()
  for (const [{ repository, environment }, { fields, waiting }] of lanesAtEnd(deployments, now)) {
    if (Object.keys(fields).length > 0) pipeline.hset(keys.lane(repository.id, environment), fields)
    if (Object.keys(waiting).length > 0) pipeline.hset(keys.waiting(repository.id, environment), waiting)
  }
  for (const one of lastSuccesses(deployments).values()) pipeline.persist(keys.record(one.id))
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
}

function lanesAtEnd(deployments: ToldDeployment[], now: number): Map<ToldLane, LaneAtEnd> {
  const lanes = new Map<ToldLane, LaneAtEnd>()
  for (const { id, state, sha, lane, startedAt } of deployments) {
    const { fields, waiting } = lanes.get(lane) ?? { fields: {}, waiting: {} }
    lanes.set(lane, { fields, waiting })
    if (startedAt !== undefined) Object.assign(fields, { newestStarted: id, policy: 'supersede', fence: id })
    if (state === 'success') {
      Object.assign(fields, { lastSuccess: id, lastSuccessSha: sha })
      delete fields.failed
    }
    if (state === 'failure' || state === 'error') fields.failed = id
    if (state === 'in_progress') Object.assign(fields, { holder: id, leaseUntil: now + leaseMs })
    if (state === 'queued') waiting[id] = now
  }
  return lanes
}

async function writeDeliveries(
  redis: Redis,
  prefix: string,
  lanes: ToldLane[],
  deployments: ToldDeployment[],
) {
  const trace = openTrace(redis, prefix)
  const repositories = new Map(lanes.map(({ repository }) => [repository.id, repository]))
  const known = [...repositories.values()].map((repository) => ({
    guid: `ping-${repository.id}`,
    event: 'ping',
    repository: { id: repository.id, fullName: fullName(repository) },
    outcome: 'pong' as const,
    jobs: [],
  }))
  const asked = deployments.slice(-deliveriesTold).map((one) => ({
    guid: deliveryOf(one),
    event: 'deployment',
    action: 'created',
    repository: { id: one.lane.repository.id, fullName: fullName(one.lane.repository) },
    sender: one.person,
    outcome: 'queued' as const,
    jobs: [{ name: 'process-deployment' as const, id: `deployment-${one.id}` }],
  }))
  for (const arrival of [...known, ...asked]) await trace.record(arrival, Date.now())
}

async function writeComparisons(
  redis: Redis,
  prefix: string,
  current: Map<string, ToldDeployment>,
  seed: number,
) {
  const memory = openComparisonMemory(redis, prefix)
  const random = seededRandom(seed + 2)
  await Promise.all(
    [...current.values()].map(({ lane, sha }) => {
      const ahead = Math.max(0, random.whole(-10, 12))
      const commits = Array.from({ length: ahead }, (_, index) => ({
        sha: `${index}${sha.slice(1)}`,
        title: `Change number ${index + 1}`,
        author: random.pick(['ada', 'grace', 'octocat']),
      }))
      return memory.write(
        { repositoryId: lane.repository.id, base: sha, head: 'HEAD' },
        { ahead, behind: 0, commits },
      )
    }),
  )
}

const logged = 50

async function writeLogs(redis: Redis, keys: Keys, deployments: ToldDeployment[]): Promise<void> {
  const logs = openLogs(redis, keys)
  for (const one of deployments.slice(-logged)) {
    const steps = Array.from({ length: 40 }, (_, step) => `\u001b[32m✓\u001b[0m step ${step + 1} of 40`)
    const end = one.state === 'failure' ? ['\u001b[31mError: the health check answered 500\u001b[0m'] : []
    await logs.append(one.id, [
      `Deploying ${one.sha.slice(0, 7)} to ${one.lane.environment}`,
      ...steps,
      ...end,
    ])
  }
}
