import { z } from 'zod'
import { ciJobId } from '../jobs/job-ids.ts'
import { ciFinished } from './ci-finished.ts'
import { type Decision, ignoredAction } from './decision.ts'
import { actionOf, readPayload, repository, repositoryOf } from './payload.ts'

const completed = z.object({
  repository,
  check_suite: z.object({
    id: z.int(),
    head_sha: z.string(),
    app: z.object({ slug: z.string().nullish() }).nullish(),
    conclusion: z.string().nullable(),
    updated_at: z.string().nullable(),
  }),
})

/** All checks that an app runs on a commit have ended. */
export function decideCheckSuite(payload: unknown, delivery: string): Decision {
  const action = actionOf(payload)
  if (action !== 'completed') return ignoredAction('check_suite', action)
  const event = readPayload(completed, 'check_suite', payload)
  const suite = event.check_suite
  return ciFinished({
    id: ciJobId('check-suite', suite.id, suite.updated_at, suite.conclusion),
    repository: repositoryOf(event.repository),
    sha: suite.head_sha,
    report: `checks of ${suite.app?.slug ?? 'an app'}: ${suite.conclusion}`,
    delivery,
  })
}
