import { z } from 'zod'
import { findEnvironment } from '../config/find-environment.ts'
import type { Rules } from '../config/rules.ts'
import { lockTaskOf } from '../deployments/lock-task.ts'
import { readDeploymentPayload } from '../deployments/payload.ts'
import { deploymentJobId } from '../jobs/job-ids.ts'
import { truncate } from '../text.ts'
import { type Decision, ignoredAction, ignoredRepository } from './decision.ts'
import { madeByAnother } from './foreign.ts'
import { account, actionOf, readPayload, repository, repositoryOf } from './payload.ts'

const created = z.object({
  repository,
  workflow_run: z.unknown().optional(),
  deployment: z.object({
    id: z.int(),
    sha: z.string(),
    ref: z.string(),
    task: z.string().default('deploy'),
    environment: z.string(),
    description: z.string().nullish(),
    creator: account.nullish(),
    created_at: z.string(),
    payload: z.unknown().optional(),
    production_environment: z.boolean().nullish(),
    transient_environment: z.boolean().nullish(),
    performed_via_github_app: z
      .object({ id: z.int().optional().catch(undefined), slug: z.string().nullish() })
      .nullish(),
  }),
})

/** Longer than any login: whoever makes a deployment may put a text of any length there. */
const userLimit = 100
const reasonLimit = 500

/** A deployment that somebody made for us, in an environment of ours, is run; one whose task is to lock it is a job like it. */
export function decideDeployment(payload: unknown, delivery: string, rules: Rules): Decision {
  const action = actionOf(payload)
  if (action !== 'created') return ignoredAction('deployment', action)
  const event = readPayload(created, 'deployment', payload)
  const { full_name: fullName } = event.repository
  const repositoryRules = rules.of(fullName)
  if (!repositoryRules) return ignoredRepository(fullName)
  const reason = madeByAnother(event, rules.ourApp)
  if (reason) return { outcome: 'ignored', reason }
  const { deployment } = event
  const environment = findEnvironment(repositoryRules, deployment.environment)
  if (!environment) {
    const what = `${truncate(deployment.environment, 100)} is not an environment of ${fullName}`
    return { outcome: 'ignored', reason: `${what} in livraison.yml.` }
  }
  if (environment.executor.kind === 'actions' && !lockTaskOf(deployment.task)) {
    const reason = `Only GitHub Actions deploys to ${environment.name} of ${fullName} (livraison.yml).`
    return { outcome: 'ignored', reason }
  }
  const read = readDeploymentPayload(deployment.payload)
  const { deployUser, reason: why, pushedTo: _pushedTo, unmerged: _unmerged, ...facts } = read
  const lockReason = lockTaskOf(deployment.task) && why
  return {
    outcome: 'jobs',
    jobs: [
      {
        name: 'process-deployment',
        id: deploymentJobId(deployment.id),
        data: {
          repository: repositoryOf(event.repository),
          deployment: {
            id: deployment.id,
            sha: deployment.sha,
            ref: deployment.ref,
            task: deployment.task,
            environment: environment.name,
            description: truncate(deployment.description ?? '', 140),
            creator: deployment.creator?.login ?? 'ghost',
            createdAt: deployment.created_at,
            production: deployment.production_environment ?? deployment.environment === 'production',
            transient: deployment.transient_environment ?? false,
            ...facts,
            ...(lockReason === undefined ? {} : { reason: truncate(lockReason, reasonLimit) }),
            ...(deployUser === undefined ? {} : { deployUser: truncate(deployUser, userLimit) }),
          },
          delivery,
        },
      },
    ],
  }
}
