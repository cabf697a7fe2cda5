import { type HeldBack, lookAgainMs } from '../../src/deployments/held.ts'
import { messageOf } from '../../src/errors/errors.ts'
import type { HoldFacts } from '../../src/holds/facts.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { deploymentJobId } from '../../src/jobs/job-ids.ts'
import { githubLimit } from '../../src/protection/limit.ts'
import { truncate } from '../../src/text.ts'
import { AskAgain } from '../ask-again.ts'
import { hasWorkers } from '../lane/await-workers.ts'
import type { RunRules } from '../rules.ts'
import type { Tools } from '../tools.ts'
import { holds } from './index.ts'

/** What holds a deployment back, at one moment. That something has changed since is told by other numbers. */
export interface Look extends Pick<HoldFacts, 'nowMs' | 'news' | 'barriers'> {
  held: HeldBack[]
}

/** Asks all holds. What has begun is held back no more, even if its worker was lost. */
export async function lookForHolds(facts: HoldFacts, rules: RunRules, tools: Tools): Promise<Look> {
  const { record, nowMs, news, barriers } = facts
  if (!record || record.state === 'in_progress') return { held: [], nowMs, news, barriers }
  const answers = await Promise.all(holds.map((hold) => hold.look({ ...facts, record, tools }, rules)))
  const held = answers
    .filter((answer) => answer !== undefined)
    .map((answer) => ({ ...answer, reason: truncate(answer.reason, 140) }))
  const limit = record.workflowRun === undefined ? [] : githubLimit(record.acceptedAt, nowMs)
  return { held: held.length === 0 ? [] : [...held, ...limit], nowMs, news, barriers }
}

/**
 * Holds a deployment back, or ends it if it has been held for too long. Returns if it is over.
 *
 * @throws {AskAgain} while it is held: it sleeps, and is woken by whoever ends a hold
 */
export async function holdBack(
  job: ProcessDeployment,
  rules: RunRules,
  { held, nowMs, news }: Look,
  tools: Tools,
): Promise<void> {
  const overdue = held.find(({ limit }) => limit !== undefined && limit.at <= nowMs)?.limit
  if (overdue) {
    await tools.lanes.end(job, overdue.state ?? 'error', truncate(overdue.reason, 140))
    return
  }
  const holding = await tools.held.hold(job, rules.lane, held)
  if (holding.outcome === 'alive') {
    throw new AskAgain('A run of it may still be alive.', holding.leftMs + 10)
  }
  if (holding.outcome !== 'held') return
  await tools.outbox.deliver(job).catch((error: unknown) => {
    tools.log.warn({ reason: messageOf(error) }, 'a status waits to be sent')
  })
  const { repository, deployment } = job
  const waitsForWorkers = held.some(({ hold }) => hold === 'worker')
  const hasNews = async () =>
    (await tools.held.news(repository.id, deployment.environment)) !== news ||
    (await hasReport(job, tools)) ||
    (waitsForWorkers && (await hasWorkers('deployments', rules.runsOn, tools)))
  throw new AskAgain(held[0]?.reason ?? '', nextLookMs(held, nowMs), hasNews)
}

/** Whether a check reported since the checks of a deployment were looked at that waits for them. */
async function hasReport({ repository, deployment }: ProcessDeployment, { ciWaiting }: Tools) {
  if (deployment.workflowRun === undefined) return false
  return ciWaiting.hasNews(repository.id, deployment.sha, deploymentJobId(deployment.id))
}

/** How long until something that holds a deployment back ends by itself, or it is time to look anyway. Pure. */
export function nextLookMs(held: readonly HeldBack[], nowMs: number): number {
  const times = held.flatMap(({ endsAt, limit }) => [endsAt, limit?.at].filter((at) => at !== undefined))
  return Math.max(1, Math.min(lookAgainMs, ...times.map((at) => at - nowMs)))
}
