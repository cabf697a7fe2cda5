import { z } from 'zod'
import type { Rules } from '../config/rules.ts'
import { pullChangeJobId } from '../jobs/job-ids.ts'
import { type Decision, ignoredAction, ignoredRepository } from './decision.ts'
import { actionOf, readPayload, repository, repositoryOf } from './payload.ts'
import { asksForMerge } from './pull-request/merge-when-green.ts'

const reviewed = z.object({
  repository,
  review: z.object({ id: z.int(), submitted_at: z.string().nullish() }),
  pull_request: z.object({ number: z.int(), labels: z.array(z.object({ name: z.string() })) }),
})

/** A review that was given or dismissed may be what a pull request waits for to be merged. */
export function decidePullRequestReview(payload: unknown, delivery: string, rules: Rules): Decision {
  const action = actionOf(payload)
  if (action !== 'submitted' && action !== 'dismissed') return ignoredAction('pull_request_review', action)
  const event = readPayload(reviewed, 'pull_request_review', payload)
  const ofRepository = rules.of(event.repository.full_name)
  if (!ofRepository) return ignoredRepository(event.repository.full_name)
  const { merge } = ofRepository
  if (!merge) return ignoredAction('pull_request_review', action)
  const { pull_request: pull, review } = event
  return {
    outcome: 'jobs',
    jobs: [
      {
        name: 'pull-request-changed',
        id: pullChangeJobId(event.repository.id, pull.number, 'review', String(review.id), action),
        data: {
          repository: repositoryOf(event.repository),
          pullRequest: pull.number,
          labelled: pull.labels.some(({ name }) => asksForMerge(merge, name)),
          delivery,
        },
      },
    ],
  }
}
