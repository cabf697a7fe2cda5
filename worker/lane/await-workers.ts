import { askAgainMs } from '../../src/deployments/lanes.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { hasAll, type Labels } from '../../src/jobs/labels.ts'
import { type PooledName, queueNameOf } from '../../src/jobs/pools.ts'
import { AskAgain } from '../ask-again.ts'
import { missingWorker } from '../holds/workers.ts'
import type { RunRules } from '../rules.ts'
import type { Tools } from '../tools.ts'

/** By then, this worker has left the queue to those that it is for. */
const soonMs = 250

/** Whether somebody runs who may do what needs these labels: whoever sleeps until then asks it once more. */
export async function hasWorkers(
  base: PooledName,
  needed: Labels,
  { workers }: Pick<Tools, 'workers'>,
): Promise<boolean> {
  return !(await workers.look()).unattended.has(queueNameOf(base, needed))
}

/**
 * Keeps a worker from doing what is for workers with other labels. It comes as far as this only where none of those was
 * running a moment ago: what can be said without any work is said, all else waits for them. Returns true if it is over.
 *
 * @throws {AskAgain} if it waits
 */
export async function leaveToItsWorkers(
  job: ProcessDeployment,
  rules: RunRules,
  tools: Tools,
): Promise<boolean> {
  if (hasAll(tools.labels, rules.runsOn)) return false
  const isThere = () => hasWorkers('deployments', rules.runsOn, tools)
  const { unattended } = await tools.workers.look()
  const missingSince = unattended.get(queueNameOf('deployments', rules.runsOn))
  if (missingSince === undefined) throw new AskAgain('Workers that it is for are running.', soonMs)
  const record = await tools.records.read(job.deployment.id)
  if (record === undefined || record.state !== 'in_progress') {
    throw new AskAgain('No worker that it is for is running.', askAgainMs, isThere)
  }
  // That its worker was lost, and that it is not to be begun again, takes no work to say.
  if (rules.onWorkerLoss === 'fail' && record.deployedAt === undefined) return false
  const { reason, limit } = missingWorker(rules.runsOn, record.startedAt ?? record.acceptedAt, missingSince)
  if (limit.at > (await tools.records.nowMs())) throw new AskAgain(reason, askAgainMs, isThere)
  return tools.lanes.end(job, 'error', limit.reason)
}
