import { z } from 'zod'
import { arrivalSchema } from './delivery.ts'
import { deploymentSchema } from './deployment.ts'
import { approvalRules, approvalSchema, explainedFreeze, explainedLock, explainedWindows } from './holds.ts'
import { fullName, sha, time } from './terms.ts'

const text = z.string().meta({ description: 'A sentence for people' })
const deployment = deploymentSchema

const job = z
  .object({
    text,
    id: z.string(),
    name: z.enum(['start-deployment', 'process-deployment', 'review-deployment']),
    state: z.enum(['waiting', 'active', 'delayed', 'failed']),
    number: z.int().nullable().meta({ description: 'Of the pull request, or of the deployment' }),
    sha,
    attempts: z.int(),
    failedReason: z.string().nullable(),
    nextTryAt: time.nullable(),
    waitsFor: z.array(z.string()).meta({ description: 'The checks that it waits for' }),
  })
  .meta({ id: 'ExplainedJob' })

const stop = z
  .object({
    text,
    pullRequest: z.int().nullable(),
    sha,
    verdict: z.enum(['pending', 'red', 'late']),
    checks: z.array(z.string()),
    since: time.nullable(),
    at: time.nullable(),
  })
  .meta({ id: 'StoppedByCi' })

const skipped = z
  .object({
    text,
    pullRequest: z.int().nullable(),
    tag: z.string().nullable(),
    sha,
    reason: z.string(),
    at: time.nullable(),
  })
  .meta({ id: 'Skipped' })

const mergeWait = z
  .object({
    text,
    pullRequest: z.int(),
    sha,
    waitsFor: z.array(z.string()),
    since: time.nullable(),
    until: time.nullable(),
  })
  .meta({ id: 'MergeWait' })

/** Why things are as they are in one repository and environment, as the API gives it. */
export const explanationSchema = z
  .object({
    summary: text,
    repository: fullName,
    environment: z.string(),
    at: time.nullable(),
    running: z.object({ text, leaseLeftSeconds: z.int(), deployment }).nullable(),
    waiting: z.array(z.object({ text, place: z.int(), deployment })),
    held: z.array(
      z.object({
        text,
        reasons: z.array(z.string()),
        since: time.nullable(),
        approvals: z.array(approvalSchema),
        deployment,
      }),
    ),
    locks: z.array(explainedLock),
    freezes: z.array(explainedFreeze),
    windows: explainedWindows.nullable(),
    approvals: approvalRules.nullable(),
    jobs: z.array(job),
    unsent: z
      .array(z.object({ text, deployment, states: z.array(z.string()) }))
      .meta({ description: 'Deployments with statuses that GitHub does not have yet' }),
    stoppedByCi: z.array(stop),
    skipped: z.array(skipped),
    merges: z.array(mergeWait).meta({ description: 'Pull requests that wait to be merged' }),
    mergesGivenUp: z.array(mergeWait),
    refused: z
      .array(arrivalSchema.extend({ text }).meta({ id: 'ExplainedArrival' }))
      .meta({ description: 'Deliveries that could have led to a deployment and did not' }),
    finished: z.array(z.object({ text, deployment })),
    github: z.string().nullable().meta({ description: 'Why GitHub is left alone, while it is' }),
    workers: z.int().meta({ description: 'How many workers are running' }),
    merge: z
      .object({ deployed: z.enum(['at once', 'later', 'not']), text })
      .meta({ description: 'What would become of a merge now' }),
  })
  .meta({ id: 'Explanation' })

/** Why things are as they are in one repository and environment, as the API gives it. */
export type Explanation = z.output<typeof explanationSchema>
