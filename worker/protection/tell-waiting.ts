import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { gatherStatus } from '../notices/gather-status.ts'
import type { Tools } from '../tools.ts'

/**
 * Tells people on the channels what a deployment of GitHub Actions waits for, once: of ours, GitHub's own event tells. Its later
 * states GitHub Actions itself writes to GitHub.
 */
export async function tellWaiting(
  { repository, deployment, delivery }: ProcessDeployment,
  description: string,
  index: number,
  tools: Tools,
): Promise<void> {
  const { channels } = tools.notices
  if (channels.of(repository, deployment.environment, 'queued').length === 0) return
  const createdAt = new Date().toISOString()
  const status = { id: index, state: 'queued', description, creator: deployment.creator, createdAt }
  const notice = await gatherStatus({ repository, deployment, status, delivery }, 'queued', tools)
  await channels.tell({ ...notice, id: `review-${deployment.id}-${index}` })
}
