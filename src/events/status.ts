import { z } from 'zod'
import { ciJobId } from '../jobs/job-ids.ts'
import { ciFinished } from './ci-finished.ts'
import type { Decision } from './decision.ts'
import { readPayload, repository, repositoryOf } from './payload.ts'

const status = z.object({
  repository,
  id: z.int(),
  sha: z.string(),
  state: z.string(),
  context: z.string(),
})

/** A commit status that is not pending may be the last that something waits for. */
export function decideStatus(payload: unknown, delivery: string): Decision {
  const read = readPayload(status, 'status', payload)
  if (read.state === 'pending') {
    return { outcome: 'ignored', reason: 'The commit status is pending: nothing can go on for it.' }
  }
  return ciFinished({
    id: ciJobId('status', read.id),
    repository: repositoryOf(read.repository),
    sha: read.sha,
    report: `status ${read.context}: ${read.state}`,
    delivery,
  })
}
