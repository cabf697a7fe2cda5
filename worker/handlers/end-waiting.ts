import type { EndWaiting } from '../../src/jobs/job.ts'
import type { Tools } from '../tools.ts'

/** Ends the deployments that wait where we may not act any more, in words. What runs is left alone: its work is not GitHub's. */
export async function endWaiting(job: EndWaiting, tools: Tools): Promise<void> {
  const { owner, by, words, repositories, delivery } = job
  const ended: number[] = []
  for (const record of await tools.unfinished()) {
    const { id, repository, environment } = record
    const isMeant = repositories?.includes(repository.id) ?? isSame(repository.owner, owner)
    if (!isMeant) continue
    const subject = { repository, deployment: { id, environment } }
    if ((await tools.cancelling.cancel(subject, { by, before: words })) === 'ended') ended.push(id)
  }
  tools.log.warn({ owner, by, delivery, ended }, words)
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
