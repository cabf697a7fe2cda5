import type { FinalState } from '../../src/deployments/lanes.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { listStates } from '../../src/github/recent.ts'
import { readWorkflowRun } from '../../src/github/workflow-runs.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { endOfRun, type RunEnd, whyOver } from '../../src/protection/run-end.ts'
import { truncate } from '../../src/text.ts'
import { AskAgain } from '../ask-again.ts'
import { nextLookMs } from '../holds/ci-gate.ts'
import type { Tools } from '../tools.ts'

/**
 * Lets GitHub Actions deploy, if the lane is ours and nothing holds it back at that very moment, and holds the lane for it.
 *
 * @param begin gives the deployment the status in_progress; false if it is over, or held back
 * @throws {AskAgain} while GitHub Actions deploys it
 */
export async function letRun(
  job: ProcessDeployment,
  fence: number,
  begin: () => Promise<boolean>,
  tools: Tools,
): Promise<void> {
  if (!(await begin())) return
  await tools.protection.lanes.renew(job, fence)
  await followRun(job, tools)
}

/**
 * Tells GitHub that it may deploy, and follows what becomes of it: its lane is kept from others until then.
 *
 * @throws {AskAgain} while GitHub Actions deploys it: a status that it gets wakes it
 */
export async function followRun(job: ProcessDeployment, tools: Tools): Promise<void> {
  const { repository, deployment } = job
  const { records, outbox, held, protection } = tools
  const news = await held.news(repository.id, deployment.environment)
  const refusal = await outbox.deliver(job).catch((error: unknown) => {
    if (error instanceof GitHubRefusal) return error
    throw error
  })
  const end = refusal ? refusedEnd(refusal) : await readEnd(job, tools)
  if (end) return finish(job, end, tools)
  const fence = await protection.runs.fenceOf(repository.id, deployment.environment, deployment.id)
  if (fence !== undefined) await protection.lanes.renew(job, fence)
  const [record, nowMs] = await Promise.all([records.read(deployment.id), records.nowMs()])
  const waitedMs = nowMs - (record?.startedAt ?? nowMs)
  throw new AskAgain(
    'GitHub Actions deploys it.',
    nextLookMs(waitedMs, Number.POSITIVE_INFINITY, tools.ciLooks),
    async () => (await held.news(repository.id, deployment.environment)) !== news,
  )
}

function refusedEnd({ message }: GitHubRefusal): RunEnd {
  return { state: 'error', words: truncate(`GitHub does not take the approval: ${message}`, 140) }
}

/** How it has ended by the statuses that GitHub Actions gave it, or else by its run. */
async function readEnd(job: ProcessDeployment, tools: Tools): Promise<RunEnd | undefined> {
  const { repository, deployment } = job
  const readStates = async () =>
    endOfRun((await listStates(tools.github, repository, deployment.id)).map(({ state }) => state))
  const ended = await readStates()
  if (ended) return ended
  const why = await readWhyOver(job, tools)
  if (why === undefined) return undefined
  // It may have ended since: its last status is there before its run is over.
  return (await readStates()) ?? { state: 'error', words: why }
}

/** Why a run does not wait, or deploy, any more; undefined if it may. */
export async function readWhyOver(
  { repository, deployment }: ProcessDeployment,
  { github, records }: Tools,
): Promise<string | undefined> {
  const attempt = (await records.read(deployment.id))?.runAttempt
  try {
    return whyOver(await readWorkflowRun(github, repository, deployment.workflowRun ?? 0), attempt)
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return 'Its run at GitHub is gone.'
    throw error
  }
}

async function finish(job: ProcessDeployment, { state, words }: RunEnd, tools: Tools): Promise<void> {
  const { repository, deployment } = job
  const fence = await tools.protection.runs.fenceOf(repository.id, deployment.environment, deployment.id)
  const isOurs =
    fence !== undefined && (await tools.lanes.finish(job, fence, state satisfies FinalState, words))
  if (!isOurs) await tools.lanes.end(job, state, words)
}
