import { z } from 'zod'
import { ciJobId } from '../jobs/job-ids.ts'
import { ciFinished } from './ci-finished.ts'
import { type Decision, ignoredAction } from './decision.ts'
import { actionOf, readPayload, repository, repositoryOf } from './payload.ts'

const completed = z.object({
  repository,
  workflow_run: z.object({
    id: z.int(),
    head_sha: z.string(),
    name: z.string().nullish(),
    conclusion: z.string().nullable(),
    updated_at: z.string(),
  }),
})

/** A run of a GitHub Actions workflow has ended. */
export function decideWorkflowRun(payload: unknown, delivery: string): Decision {
  const action = actionOf(payload)
  if (action !== 'completed') return ignoredAction('workflow_run', action)
  const event = readPayload(completed, 'workflow_run', payload)
  const run = event.workflow_run
  return ciFinished({
    id: ciJobId('workflow-run', run.id, run.updated_at, run.conclusion),
    repository: repositoryOf(event.repository),
    sha: run.head_sha,
    report: `workflow ${run.name ?? run.id}: ${run.conclusion}`,
    delivery,
  })
}
