import { isCheckOver } from '../../src/checks/record.ts'
import type { CheckRules, Rules } from '../../src/config/rules.ts'
import { GiveUp } from '../../src/errors/errors.ts'
import { fullName, type RunCheck } from '../../src/jobs/job.ts'
import { type Labels, usualLabels } from '../../src/jobs/labels.ts'
import { labelsForCheck } from '../../src/jobs/needed-labels.ts'
import { queueNameOf } from '../../src/jobs/pools.ts'
import { AskAgain } from '../ask-again.ts'
import { runBegun } from '../checks/run.ts'
import { mayDo } from '../hand-on.ts'
import { missingWorker } from '../holds/workers.ts'
import { hasWorkers } from '../lane/await-workers.ts'
import type { Lease } from '../lease.ts'
import type { Tools } from '../tools.ts'
import { endCheck } from './check.ts'

/** By then, this worker has left the queue to those that it is for. */
const soonMs = 250

/** In case nobody wakes it. */
const lookAgainMs = 60_000

/**
 * Runs a check and reports how it ended. One worker at a time has a check; whoever takes it up after one that was lost, or
 * that ended, begins it anew: a check may be repeated.
 *
 * @throws {AskAgain} while another worker has it, or none that it is for is running
 * @throws {HandOn} if it is for other workers
 */
export async function runCheck(job: RunCheck, tools: Tools, _jobId: string, queue: string): Promise<void> {
  const needed = await labelsOf(job, tools)
  const isOurs = mayDo('checks', needed, tools.labels, queue)
  // It may be known to GitHub as over, or not known at all, if Redis forgot something.
  await tools.checkReports.deliver(job.check)
  if (await isToRun(job, tools)) {
    if (!isOurs) await awaitWorkers(job, needed, tools)
    await tools.exclusively(`check-runner:${job.check}`, (lease) => begin(job, lease, tools))
  }
  await tools.checkReports.deliver(job.check)
}

async function labelsOf({ repository, check }: RunCheck, { checks, rules }: Tools): Promise<Labels> {
  const record = await checks.read(check)
  return record === undefined ? usualLabels : labelsForCheck(rules.current, repository, record.context)
}

/** Nobody who may run it is running. */
async function awaitWorkers({ check }: RunCheck, needed: Labels, tools: Tools): Promise<never> {
  const { unattended } = await tools.workers.look()
  const since = unattended.get(queueNameOf('checks', needed))
  if (since === undefined) throw new AskAgain('Workers that it is for are running.', soonMs)
  const wantedAt = (await tools.checks.read(check))?.acceptedAt ?? since
  const { reason, limit } = missingWorker(needed, wantedAt, since)
  if (limit.at <= (await tools.records.nowMs())) throw new GiveUp(limit.reason)
  await tools.checks.sayWaiting(check, reason)
  await tools.checkReports.deliver(check)
  throw new AskAgain(reason, lookAgainMs, () => hasWorkers('checks', needed, tools))
}

/** Ends a check whose run is given up. */
export async function giveUpRunCheck(job: RunCheck, reason: GiveUp, tools: Tools): Promise<void> {
  if (await isToRun(job, tools)) await endCheck(job.check, reason, tools)
}

async function isToRun({ check, run }: RunCheck, { checks }: Tools): Promise<boolean> {
  const record = await checks.read(check)
  return record !== undefined && record.run === run && !isCheckOver(record.state)
}

async function begin(job: RunCheck, lease: Lease, tools: Tools): Promise<void> {
  const { checks } = tools
  const record = await checks.read(job.check)
  if (record === undefined) return
  if (record.unreportable !== undefined) throw new GiveUp(record.unreportable)
  const rules = checkRulesOf(tools.rules.current, record)
  const begun = await checks.begin(record.id, job.run, tools.worker)
  if (begun !== undefined) await runBegun(record, begun, rules, lease, tools)
}

/**
 * The rules of a check, as they are now.
 *
 * @throws {GiveUp} if it is not to be run any more
 */
function checkRulesOf(
  rules: Rules,
  { repository, context, fork }: { repository: RunCheck['repository']; context: string; fork: boolean },
): CheckRules {
  const name = fullName(repository)
  const found = rules.of(name)?.checks.find((each) => each.context === context)
  if (!found) throw new GiveUp(`${context} is not a check of ${name} in livraison.yml any more.`)
  if (fork && !found.forks)
    throw new GiveUp(`${context} does not run on forks any more (forks in livraison.yml).`)
  return found
}
