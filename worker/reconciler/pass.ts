import type { KnownRepository } from '../../src/deliveries/repositories.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { listDeployments } from '../../src/github/recent.ts'
import { type GitHubRepository, getRepository } from '../../src/github/repositories.ts'
import { fullName, type Repository } from '../../src/jobs/job.ts'
import { readAppHook, rememberAppHook } from './app-hook.ts'
import { hears } from './attempts.ts'
import { firstOfOurMaking } from './deployments.ts'
import { findForgotten } from './find-forgotten.ts'
import { healChecks, requeueOpenChecks } from './heal-checks.ts'
import { firstArrivalOf, healDeliveries, readHooks } from './heal-deliveries.ts'
import { healDeployments } from './heal-deployments.ts'
import { healMerges } from './heal-merges.ts'
import { healReviews } from './heal-reviews.ts'
import type { HookReport } from './hook-report.ts'
import type { PassTools } from './pass-tools.ts'
import { restoreDeployed } from './restore-deployed.ts'
import { requeueUnfinished } from './unfinished.ts'

/** What is older is not brought back: nobody expects it to happen any more. */
const dayMs = 24 * 3_600_000

/** Looks for what was lost, in Redis and then at GitHub, and queues it. */
export async function passThrough(
  repositories: KnownRepository[],
  hasAppHook: boolean,
  given: Omit<PassTools, 'appHook'>,
): Promise<void> {
  const tools: PassTools = { ...given }
  const { redis, keys, records, queues, requeue, memory, log } = tools
  tools.healed.unfinished = await requeueUnfinished(redis, keys, records, queues, requeue)
  for (const deployment of tools.healed.unfinished) {
    log.warn({ deployment }, 'queued a deployment again whose job was lost')
  }
  await requeueOpenChecks(tools)
  tools.appHook = hasAppHook ? await readAppHook(tools.now - dayMs, tools) : undefined
  const all = [...repositories, ...(await findForgotten(repositories, tools))]
  // A pass that makes too many calls ends; the next begins where it ended.
  for (const repository of startingAfter(await memory.lastRepository(), all)) {
    await reconcileRepository(repository, tools)
    await memory.rememberLastRepository(repository.id)
  }
  if (tools.appHook) await rememberAppHook(tools.appHook, repositories, tools)
}

/** The repositories in a fixed order, from the one after `last` round to it. Pure. */
export function startingAfter(last: number, repositories: KnownRepository[]): KnownRepository[] {
  const sorted = repositories.toSorted((a, b) => a.id - b.id)
  return [...sorted.filter(({ id }) => id > last), ...sorted.filter(({ id }) => id <= last)]
}

async function reconcileRepository(known: KnownRepository, tools: PassTools): Promise<void> {
  const { ask, github, memory, log } = tools
  try {
    const found = await ask(() => getRepository(github, known))
    await memory.unsay(known.id, 'gone')
    if (tools.rules.current.of(found.full_name)) await reconcileFound(known, found, tools)
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    if (!(await memory.sayOnce(known.id, 'gone'))) return
    const about = { repository: fullName(known), reason: error.message }
    log.warn(about, 'a repository is gone, or the token may not read it: what was missed there is not found')
  }
}

async function reconcileFound(
  known: KnownRepository,
  found: GitHubRepository,
  tools: PassTools,
): Promise<void> {
  const { ask, github, memory, now, graceMs } = tools
  const [owner = ''] = found.full_name.split('/')
  const repository: Repository = { id: found.id, owner, name: found.name }
  const report = await readHooks(repository, now - dayMs, tools)
  const deployments = await ask(() => listDeployments(github, repository))
  const arrived = report.readable ? firstArrivalOf(report.histories) : undefined
  const evidence = [known.since, arrived, firstOfOurMaking(deployments)].filter((at) => at !== undefined)
  // GitHub's times are to the second.
  const since = Math.floor((await memory.ownedSince(known.id, Math.min(...evidence))) / 1000) * 1000
  const window = { from: Math.max(since, now - dayMs), until: now - graceMs }

  await restoreDeployed(repository, found, deployments, tools)
  if (isHeard(report, 'deployment')) await healDeployments(repository, found, deployments, window, tools)
  await healReviews(repository, found, deployments, window, tools)
  const mergesAreRead =
    isHeard(report, 'pull_request') && (await healMerges(repository, found, deployments, window, tools))
  if (isHeard(report, 'pull_request')) await healChecks(repository, found, window, tools)
  if (!report.readable) return
  // A merge is healed only if no newer one was deployed; to deliver it again would not ask for that.
  await healDeliveries(
    repository,
    report.histories,
    window.from,
    ({ event, action }) => mergesAreRead && event === 'pull_request' && action === 'closed',
    tools,
  )
}

/** Whether an event would have come to us. Whoever takes the webhook away or switches it off means it. */
function isHeard(report: HookReport, event: string): boolean {
  if (!report.readable) return true
  return report.hooks.length === 0 ? !report.removed : hears(report.hooks, event)
}
