import { type AnnounceStatus, fullName } from '../../src/jobs/job.ts'
import { wakeFollowers } from '../commands/wake-followers.ts'
import type { Tools } from '../tools.ts'

/** Tells whoever reads the log of a deployment's new status, in one line. */
export async function announceStatus(job: AnnounceStatus, tools: Tools): Promise<void> {
  const { log } = tools
  const { repository, deployment, status, delivery } = job
  const where = `${fullName(repository)} ${deployment.environment}`
  const line = `${where}: deployment #${deployment.id} of ${deployment.sha.slice(0, 7)} is ${status.state}`
  log.info(
    { delivery, deployment: deployment.id, state: status.state },
    status.description === '' ? line : `${line}: ${status.description}`,
  )
  await wakeFollowers(deployment.id, tools)
}
