import { z } from 'zod'
import { findEnvironment } from '../config/find-environment.ts'
import type { Rules } from '../config/rules.ts'
import { BadRequest } from '../errors/bad-request.ts'
import { deploymentJobId } from '../jobs/job-ids.ts'
import { readRunId } from '../protection/run-id.ts'
import { truncate } from '../text.ts'
import { type Decision, ignoredAction, ignoredRepository } from './decision.ts'
import { account, actionOf, readPayload, repository, repositoryOf } from './payload.ts'

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_protection_rule */
const requested = z.object({
  repository,
  environment: z.string().min(1).max(255),
  deployment_callback_url: z.string().max(2000),
  deployment: z.object({
    id: z.int(),
    sha: z.string(),
    ref: z.string(),
    description: z.string().nullish(),
    creator: account.nullish(),
    created_at: z.string(),
    production_environment: z.boolean().nullish(),
    transient_environment: z.boolean().nullish(),
  }),
  pull_requests: z.array(z.object({ number: z.int() })).nullish(),
})

type Requested = z.output<typeof requested>

/**
 * A job of GitHub Actions waits for our word before it deploys. An environment that the rules do not give to it is decided about,
 * too: it is rejected in words, since a job that nobody answers waits for 30 days.
 */
export function decideDeploymentProtectionRule(payload: unknown, delivery: string, rules: Rules): Decision {
  const action = actionOf(payload)
  if (action !== 'requested') return ignoredAction('deployment_protection_rule', action)
  const event = readPayload(requested, 'deployment_protection_rule', payload)
  const { full_name: fullName } = event.repository
  const repositoryRules = rules.of(fullName)
  if (!repositoryRules) return ignoredRepository(fullName)
  const workflowRun = readRunId(event.deployment_callback_url, fullName)
  if (workflowRun === undefined) {
    throw new BadRequest(`The deployment_callback_url is not of a workflow run of ${fullName}.`)
  }
  const name = findEnvironment(repositoryRules, event.environment)?.name ?? event.environment
  return {
    outcome: 'jobs',
    jobs: [
      {
        name: 'review-deployment',
        id: deploymentJobId(event.deployment.id),
        data: {
          repository: repositoryOf(event.repository),
          deployment: { ...deploymentOf(event), environment: name, workflowRun },
          delivery,
        },
      },
    ],
  }
}

/** Its payload is whatever the workflow wrote: nothing of it counts here. */
function deploymentOf({ environment, deployment, pull_requests }: Requested) {
  const [pull, another] = pull_requests ?? []
  return {
    id: deployment.id,
    sha: deployment.sha,
    ref: deployment.ref,
    // Nothing that locks: a workflow that deploys, whatever it calls that.
    task: 'deploy',
    description: truncate(deployment.description ?? '', 140),
    creator: deployment.creator?.login ?? 'ghost',
    createdAt: deployment.created_at,
    production: deployment.production_environment ?? environment === 'production',
    transient: deployment.transient_environment ?? false,
    ...(pull === undefined || another !== undefined ? {} : { pullRequest: pull.number }),
  }
}
