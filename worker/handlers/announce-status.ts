import { isFinal } from '../../src/deployments/record.ts'
import { type AnnounceStatus, fullName } from '../../src/jobs/job.ts'
import { type NoticeState, noticeStates } from '../../src/notices/notice.ts'
import { wakeFollowers } from '../commands/wake-followers.ts'
import { gatherStatus } from '../notices/gather-status.ts'
import type { Tools } from '../tools.ts'

/**
 * Tells people of a deployment's new status: in one line of the log, and on every channel that wants to hear of it.
 *
 * @throws {AskAgain} while another status of the same deployment is being told: they are told in their order
 */
export async function announceStatus(job: AnnounceStatus, tools: Tools): Promise<void> {
  const { repository, deployment, status } = job
  await wakeFollowers(deployment.id, tools)
  await wakeReviewed(deployment.id, tools)
  const state = noticeStates.find((each) => each === status.state)
  const { channels, announced } = tools.notices
  if (state === undefined || channels.of(repository, deployment.environment, state).length === 0) {
    return say(job, tools)
  }
  await tools.exclusively(`announcing:${deployment.id}`, async () => {
    say(job, tools)
    if (isStale(state, status.id, await announced.latest(deployment.id))) {
      tools.log.info({ state }, 'it came late, and people know better: it is not told')
      return
    }
    await channels.tell(await gatherStatus(job, state, tools))
    await announced.note(deployment.id, status.id)
  })
}

/** What GitHub Actions does with a deployment that we decided about, or are to: it is looked at. */
async function wakeReviewed(deploymentId: number, { records, protection }: Tools): Promise<void> {
  const record = await records.read(deploymentId)
  if (record?.workflowRun === undefined || isFinal(record.state)) return
  await protection.wake(deploymentId, record.repository.id, record.environment)
}

/** Events come out of order. After a later status, one that is not final would only mislead. Pure. */
export function isStale(state: NoticeState, status: number, latest: number): boolean {
  return status < latest && !isFinal(state)
}

function say({ repository, deployment, status }: AnnounceStatus, { log }: Tools): void {
  const where = `${fullName(repository)} ${deployment.environment}`
  const line = `${where}: deployment #${deployment.id} of ${deployment.sha.slice(0, 7)} is ${status.state}`
  log.info({ state: status.state }, status.description === '' ? line : `${line}: ${status.description}`)
}
