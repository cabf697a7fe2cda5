import { z } from 'zod'
import type { Rules } from '../../config/rules.ts'
import { statusJobId } from '../../jobs/job.ts'
import { truncate } from '../../text.ts'
import { type Decision, ignoredAction, ignoredRepository } from '../decision.ts'
import { account, actionOf, readPayload, repository, repositoryOf } from '../payload.ts'

const created = z.object({
  repository,
  deployment: z.object({ id: z.int(), sha: z.string(), ref: z.string(), environment: z.string() }),
  deployment_status: z.object({
    id: z.int(),
    state: z.string(),
    description: z.string().nullish(),
    creator: account.nullish(),
    created_at: z.string(),
  }),
})

/** A new status of any deployment in a repository of ours is announced, whoever runs it. */
export function decideDeploymentStatus(payload: unknown, delivery: string, rules: Rules): Decision {
  const action = actionOf(payload)
  if (action !== 'created') return ignoredAction('deployment_status', action)
  const event = readPayload(created, 'deployment_status', payload)
  const { full_name: fullName } = event.repository
  if (!rules.of(fullName)) return ignoredRepository(fullName)
  const { id, sha, ref, environment } = event.deployment
  const status = event.deployment_status
  return {
    outcome: 'jobs',
    jobs: [
      {
        name: 'announce-status',
        id: statusJobId(status.id),
        data: {
          repository: repositoryOf(event.repository),
          deployment: { id, sha, ref, environment },
          status: {
            id: status.id,
            state: status.state,
            description: truncate(status.description ?? '', 140),
            creator: status.creator?.login ?? 'ghost',
            createdAt: status.created_at,
          },
          delivery,
        },
      },
    ],
  }
}
