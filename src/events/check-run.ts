import { z } from 'zod'
import { ciJobId } from '../jobs/job-ids.ts'
import { ciFinished } from './ci-finished.ts'
import { type Decision, ignoredAction } from './decision.ts'
import { actionOf, readPayload, repository, repositoryOf } from './payload.ts'

const completed = z.object({
  repository,
  check_run: z.object({
    id: z.int(),
    head_sha: z.string(),
    name: z.string(),
    conclusion: z.string().nullable(),
    completed_at: z.string().nullable(),
  }),
})

/** A check run that has ended may be the last that something waits for. */
export function decideCheckRun(payload: unknown, delivery: string): Decision {
  const action = actionOf(payload)
  if (action !== 'completed') return ignoredAction('check_run', action)
  const event = readPayload(completed, 'check_run', payload)
  const run = event.check_run
  return ciFinished({
    id: ciJobId('check-run', run.id, run.completed_at, run.conclusion),
    repository: repositoryOf(event.repository),
    sha: run.head_sha,
    report: `check run ${run.name}: ${run.conclusion}`,
    delivery,
  })
}
