import { z } from 'zod'
import { deploymentStates } from '../../deployments/states.ts'
import { fullName, repositoryId, sha, time, url } from './terms.ts'

const state = z.enum(deploymentStates)

/** A deployment as the API gives it. */
export const deploymentSchema = z
  .object({
    id: z.int().meta({ description: "GitHub's number of it" }),
    repository: fullName,
    repositoryId,
    environment: z.string(),
    ref: z.string(),
    sha,
    task: z.string(),
    state,
    description: z.string(),
    creator: z.string().meta({ description: 'Who created it at GitHub' }),
    deployUser: z.string().nullable().meta({ description: 'For whom, as its payload says' }),
    pullRequest: z.int().nullable(),
    branch: z.string().nullable(),
    tag: z.string().nullable(),
    rollbackOf: z.int().nullable().meta({ description: 'The deployment that it rolls back' }),
    rolledBackBy: z.int().nullable().meta({ description: 'The deployment that rolls it back' }),
    promotedFrom: z.int().nullable().meta({ description: 'The deployment whose success it is for' }),
    retryOf: z.int().nullable().meta({ description: 'The deployment that it tries again' }),
    request: z.string().nullable().meta({ description: 'The request that asked for it, if one did' }),
    changedAt: z.string().nullable().meta({ description: 'When the change was merged or pushed' }),
    cancelledBy: z.string().nullable(),
    overriddenBy: z.string().nullable(),
    workflowRun: z.int().nullable().meta({
      description: 'The run of GitHub Actions that deploys it: Livraison only decides whether it may',
    }),
    production: z.boolean(),
    transient: z.boolean(),
    tries: z.int().meta({ description: 'How many times its work was begun' }),
    worker: z.string().nullable().meta({ description: 'The worker that began it last' }),
    rules: z.string().nullable().meta({ description: 'The digest of the rules that it ran under' }),
    delivery: z.string().meta({ description: 'The GUID of the delivery that asked for it' }),
    createdAt: time.nullable(),
    acceptedAt: time.nullable(),
    startedAt: time.nullable(),
    deployedAt: time.nullable().meta({ description: 'When its work was done, if it is then verified' }),
    verifiedAt: time.nullable(),
    finishedAt: time.nullable(),
    urls: z.object({ self: url, log: url, github: url }),
  })
  .meta({ id: 'Deployment' })

/** A deployment as the API gives it. */
export type PresentedDeployment = z.output<typeof deploymentSchema>

const timelineEntry = z
  .object({
    at: time.nullable(),
    what: z.enum(['created', 'accepted', 'waiting', 'started', 'finished']),
    text: z.string(),
  })
  .meta({ id: 'TimelineEntry' })

/** Something that happened to a deployment, in words. */
export type TimelineEntry = z.output<typeof timelineEntry>

const status = z
  .object({
    state,
    description: z.string(),
    at: time.nullable(),
    sent: z.boolean().meta({ description: 'Whether GitHub has it' }),
  })
  .meta({ id: 'DeploymentStatus' })

const changes = z
  .object({
    since: z.object({ id: z.int(), sha }).meta({ description: 'The deployment that was there before' }),
    ahead: z.int().meta({ description: 'How many commits come' }),
    behind: z.int().meta({ description: 'How many that were there are not in it' }),
    commits: z
      .array(z.object({ sha, title: z.string(), author: z.string() }))
      .meta({ description: 'The newest of those that come, newest first' }),
  })
  .meta({ id: 'Changes' })

/** What a deployment brings, as the API gives it. */
export type Changes = z.output<typeof changes>

/** A deployment with all that is known of it. */
export const wholeDeployment = deploymentSchema
  .extend({
    statuses: z.array(status).meta({ description: 'Oldest first' }),
    unreportable: z.string().nullable().meta({ description: 'Why GitHub takes no more statuses of it' }),
    timeline: z.array(timelineEntry).meta({ description: 'Its life so far, oldest first' }),
    usualSeconds: z
      .number()
      .nullable()
      .meta({ description: 'How long a success in its environment usually takes' }),
    changes: changes.nullable().meta({ description: 'What it brings, once GitHub has said' }),
  })
  .meta({ id: 'WholeDeployment' })
