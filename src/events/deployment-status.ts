import { z } from 'zod'
import type { OurAppRules, RepositoryRules, Rules } from '../config/rules.ts'
import { lockTaskOf } from '../deployments/lock-task.ts'
import { readDeploymentPayload } from '../deployments/payload.ts'
import type { AnnouncedDeployment, AnnouncedStatus, JobRequest } from '../jobs/job.ts'
import { promotionJobId, statusJobId } from '../jobs/job-ids.ts'
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
    payload: z.unknown().optional(),
    performed_via_github_app: z
      .object({ id: z.int().optional().catch(undefined), slug: z.string().nullish() })
      .nullish(),
  }),
  deployment_status: z.object({
    id: z.int(),
    state: z.string(),
    description: z.string().nullish(),
    creator: account.nullish(),
    created_at: z.string(),
    target_url: z.string().nullish(),
    log_url: z.string().nullish(),
    environment_url: z.string().nullish(),
  }),
})

type Created = z.output<typeof created>

/**
 * A new status of any deployment in a repository of ours is announced, whoever runs it. A success of one of ours makes
 * the next deployment in each environment that comes after.
 */
export function decideDeploymentStatus(payload: unknown, delivery: string, rules: Rules): Decision {
  const action = actionOf(payload)
  if (action !== 'created') return ignoredAction('deployment_status', action)
  const event = readPayload(created, 'deployment_status', payload)
  const { full_name: fullName } = event.repository
  const repositoryRules = rules.of(fullName)
  if (!repositoryRules) return ignoredRepository(fullName)
  const status = event.deployment_status
  return {
    outcome: 'jobs',
    jobs: [
      {
        name: 'announce-status',
        id: statusJobId(status.id),
        data: {
          repository: repositoryOf(event.repository),
          deployment: announced(event.deployment),
          status: announcedStatus(event.deployment_status),
          delivery,
        },
      },
      ...promotions(event, repositoryRules, delivery, rules.ourApp),
    ],
  }
}

/** What is told of it if we have no record of our own: others may run it. */
function announced(deployment: Created['deployment']): AnnouncedDeployment {
  const { id, sha, ref, environment, task, description, creator } = deployment
  const { pullRequest, rollbackOf, askedIn } = readDeploymentPayload(deployment.payload)
  return {
    ...{ id, sha, ref, environment, task },
    description: truncate(description ?? '', 140),
    creator: creator?.login ?? 'ghost',
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(rollbackOf === undefined ? {} : { rollbackOf }),
    ...(askedIn === undefined ? {} : { askedIn }),
  }
}

function announcedStatus(status: Created['deployment_status']): AnnouncedStatus {
  const logUrl = webAddress(status.log_url) ?? webAddress(status.target_url)
  const environmentUrl = webAddress(status.environment_url)
  return {
    id: status.id,
    state: status.state,
    description: truncate(status.description ?? '', 140),
    creator: status.creator?.login ?? 'ghost',
    createdAt: status.created_at,
    ...(logUrl === undefined ? {} : { logUrl }),
    ...(environmentUrl === undefined ? {} : { environmentUrl }),
  }
}

const longestAddress = 2000

/** Whoever writes a status writes its addresses: only web pages are ever linked to. */
function webAddress(text: string | null | undefined): string | undefined {
  if (!text || text.length > longestAddress || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined
}

function promotions(
  event: Created,
  rules: RepositoryRules,
  delivery: string,
  ourApp: OurAppRules | undefined,
): JobRequest[] {
  const { deployment } = event
  if (event.deployment_status.state !== 'success' || madeByAnother(event, ourApp)) return []
  // Nothing was deployed.
  if (lockTaskOf(deployment.task)) return []
  const payload = readDeploymentPayload(deployment.payload)
  const { deployUser, pullRequest, branch, tag, rollbackOf, changedAt } = payload
  // What it deploys has gone on before; what comes after is not to be taken back.
  if (rollbackOf !== undefined) return []
  // It was tried out; nobody has agreed to it.
  if (payload.unmerged) return []
  const from = deployment.environment.toLowerCase()
  return rules.environments
    .filter(({ on, after }) => on === 'promotion' && after?.toLowerCase() === from)
    .map(({ name }) => ({
      name: 'start-deployment',
      id: promotionJobId(deployment.id, name),
      data: {
        repository: repositoryOf(event.repository),
        environment: name,
        sha: deployment.sha,
        description: truncate(
          deployment.description || `#${deployment.id} of ${deployment.environment}`,
          140,
        ),
        deployUser: truncate(deployUser ?? deployment.creator?.login ?? 'ghost', 100),
        ...(pullRequest === undefined ? {} : { pullRequest }),
        ...(branch === undefined ? {} : { branch }),
        ...(tag === undefined ? {} : { tag }),
        ...(changedAt === undefined ? {} : { changedAt }),
        promotedFrom: deployment.id,
        delivery,
      },
    }))
}
