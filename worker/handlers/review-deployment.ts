import { findEnvironment } from '../../src/config/find-environment.ts'
import type { Rules } from '../../src/config/rules.ts'
import { isFinal } from '../../src/deployments/record.ts'
import { GiveUp } from '../../src/errors/errors.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { readWorkflowRun } from '../../src/github/workflow-runs.ts'
import { fullName, type ReviewDeployment } from '../../src/jobs/job.ts'
import { goThroughLane } from '../lane/go-through-lane.ts'
import { followRun, readWhyOver } from '../protection/let-run.ts'
import type { Tools } from '../tools.ts'
import { giveUpDeployment, retirePredecessor } from './process-deployment.ts'

/**
 * Decides about a deployment that GitHub Actions is to run, by all that holds back our own to the same environment, and follows it
 * to its end.
 *
 * @throws {AskAgain} while it is held back, waits for another, or runs
 */
export async function reviewDeployment(job: ReviewDeployment, tools: Tools): Promise<void> {
  const { records, outbox, rules } = tools
  const { id } = job.deployment
  const refusal = whyNotOurs(job, rules.current)
  if (refusal !== undefined) {
    if (await records.read(id)) throw new GiveUp(refusal)
    tools.log.warn({ repository: fullName(job.repository), deployment: id }, refusal)
    return tools.protection.reports.reject(job, refusal)
  }
  await accept(job, tools)
  await goOn(job, tools)
  await outbox.deliver(job).catch((error: unknown) => {
    if (!(error instanceof GitHubRefusal)) throw error
  })
  const { retires } = await records.leftToDo(id)
  if (retires !== undefined) await retirePredecessor(job, retires, tools)
  await records.close(id)
}

/** Rejects what cannot be judged: it does not wait at GitHub until that gives it up. */
export async function giveUpReview(job: ReviewDeployment, reason: GiveUp, tools: Tools): Promise<void> {
  await giveUpDeployment(job, reason, tools)
}

/** Why the rules say nothing about what GitHub Actions deploys there. Pure. */
export function whyNotOurs({ repository, deployment }: ReviewDeployment, rules: Rules): string | undefined {
  const ofRepository = rules.of(fullName(repository))
  const environment = ofRepository && findEnvironment(ofRepository, deployment.environment)
  if (environment?.actions === 'gate') return undefined
  const where = `${deployment.environment} of ${fullName(repository)}`
  return `Rejected: livraison.yml does not give ${where} to GitHub Actions (actions: gate).`
}

/** Writes it down, with those who began its run: none of them may approve it. */
async function accept(job: ReviewDeployment, { records, github, protection }: Tools): Promise<void> {
  const { id, workflowRun } = job.deployment
  if ((await records.read(id))?.runAttempt !== undefined) return
  const run = await readWorkflowRun(github, job.repository, workflowRun)
  await records.accept(job)
  await protection.runs.note(id, run)
}

async function goOn(job: ReviewDeployment, tools: Tools): Promise<void> {
  const { records, lanes, protection } = tools
  const { id } = job.deployment
  const record = await records.read(id)
  if (record === undefined || isFinal(record.state)) return
  if (record.state === 'in_progress') return followRun(job, tools)
  const over = (await protection.runs.isDue(id)) ? await readWhyOver(job, tools) : undefined
  if (over === undefined) return goThroughLane(job, true, tools)
  if (await lanes.end(job, 'inactive', over)) await protection.runs.settle(id)
}
