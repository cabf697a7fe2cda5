import { lockTaskOf } from '../../src/deployments/lock-task.ts'
import { type EndedDeployment, isFinal } from '../../src/deployments/record.ts'
import { type ListedDeployment, listStates } from '../../src/github/recent.ts'
import type { GitHubRepository } from '../../src/github/repositories.ts'
import { fullName, type ProcessDeployment, type Repository } from '../../src/jobs/job.ts'
import { findOurs, isReportedByUs } from './deployments.ts'
import type { PassTools } from './pass-tools.ts'

/** Of each environment, so many of those that we know nothing of are asked for: the newest are what may be deployed. */
const mostLooked = 5

/**
 * Learns from GitHub what is deployed, where Redis does not know: it was restored from an older copy, or is empty. Nothing is run:
 * what has succeeded is written down as that.
 */
export async function restoreDeployed(
  repository: Repository,
  found: GitHubRepository,
  deployments: ListedDeployment[],
  tools: PassTools,
): Promise<void> {
  for (const jobs of byEnvironment(found, deployments, tools).values()) {
    const restored = await restoreNewest(repository, jobs, tools)
    if (restored === undefined) continue
    tools.healed.restored.push(restored)
    const about = { repository: fullName(repository), deployment: restored }
    tools.log.warn(about, 'learned from GitHub what is deployed')
  }
}

/** Our deployments by their environments, the newest first. */
function byEnvironment(
  found: GitHubRepository,
  deployments: ListedDeployment[],
  { now, rules }: PassTools,
): Map<string, ProcessDeployment[]> {
  const lanes = new Map<string, ProcessDeployment[]>()
  const ours = findOurs(found, deployments, { from: 0, until: now }, rules.current)
  for (const { request } of ours.toReversed()) {
    if (request.name !== 'process-deployment' || lockTaskOf(request.data.deployment.task)) continue
    const { environment } = request.data.deployment
    lanes.set(environment, [...(lanes.get(environment) ?? []), request.data])
  }
  return lanes
}

async function restoreNewest(
  repository: Repository,
  jobs: ProcessDeployment[],
  tools: PassTools,
): Promise<number | undefined> {
  const { ask, github, records, memory } = tools
  for (const job of (await possibleOf(repository, jobs, tools)).slice(0, mostLooked)) {
    const { id } = job.deployment
    const statuses = await ask(() => listStates(github, repository, id))
    const ended = successOf(id, statuses)
    if (ended !== undefined) {
      if (!(await records.restore(job, ended))) return undefined
      await records.close(id)
      return id
    }
    if (statuses[0] !== undefined && isFinal(statuses[0].state)) await memory.notePast(id)
  }
  return undefined
}

/** Those that are newer than what the lane has, and of which nothing is known, or only that they have succeeded. */
async function possibleOf(
  repository: Repository,
  jobs: ProcessDeployment[],
  { redis, keys, memory }: PassTools,
): Promise<ProcessDeployment[]> {
  const environment = jobs[0]?.deployment.environment ?? ''
  const last = Number((await redis.hget(keys.lane(repository.id, environment), 'lastSuccess')) ?? 0)
  const newer = jobs.filter(({ deployment }) => deployment.id > last)
  const past = await memory.past(newer.map(({ deployment }) => deployment.id))
  const states = await Promise.all(
    newer.map(({ deployment }) => redis.hget(keys.record(deployment.id), 'state')),
  )
  return newer.filter(({ deployment }, index) => {
    const state = states[index] ?? 'success'
    return state === 'success' && !past.has(deployment.id)
  })
}

/** How a deployment went that we have reported and that GitHub has as a success now; `statuses` are newest first. Pure. */
export function successOf(
  id: number,
  statuses: Awaited<ReturnType<typeof listStates>>,
): EndedDeployment | undefined {
  const [latest] = statuses
  if (latest?.state !== 'success' || !isReportedByUs(id, statuses)) return undefined
  const began = statuses.find(({ state }) => state === 'in_progress') ?? latest
  return { beganAt: began.at, endedAt: latest.at, description: latest.description }
}
