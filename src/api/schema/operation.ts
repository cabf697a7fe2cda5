import { z } from 'zod'
import { faces } from '../../access/actor.ts'
import { deploymentStates } from '../../deployments/states.ts'
import { givenApproval } from './holds.ts'
import { freezeSchema, lockSchema } from './place.ts'
import { fullName, repositoryId, sha, time } from './terms.ts'

/** What every operation answers that was done. */
const done = {
  outcome: z.literal('done'),
  text: z.string().meta({ description: 'What happened, in a sentence or two' }),
}

const deployment = z.int().meta({ description: "The deployment's number" })

/** A deployment was asked for. */
export const askedSchema = z
  .object({
    ...done,
    request: z.string().meta({ description: 'The id of the request' }),
    repository: fullName,
    environment: z.string(),
    sha,
    deployment: deployment.nullable().meta({ description: 'null: it waits to be made, as `text` says' }),
  })
  .meta({ id: 'Asked' })

/** A deployment was asked for. */
export type PresentedAsked = z.output<typeof askedSchema>

/** A deployment was ended, or told to end. */
export const endedSchema = z
  .object({ ...done, deployment, state: z.enum(deploymentStates) })
  .meta({ id: 'Ended' })

export const approvedSchema = z
  .object({ ...done, approvals: z.array(givenApproval), required: z.int() })
  .meta({ id: 'Approved' })

export const overriddenSchema = z.object({ ...done, deployment }).meta({ id: 'Overridden' })

/** A lock came or went. */
export const lockedSchema = z.object({ ...done, lock: lockSchema }).meta({ id: 'Locked' })

/** A freeze came or went. */
export const frozenSchema = z.object({ ...done, freeze: freezeSchema }).meta({ id: 'Frozen' })

export const replayedSchema = z.object({ ...done, delivery: z.string() }).meta({ id: 'Replayed' })

/** A wish for a deployment, and what became of it, as the API gives it. */
export const requestSchema = z
  .object({
    id: z.string(),
    by: z.string(),
    face: z.enum(faces).meta({ description: 'Through what it was asked for' }),
    repository: fullName,
    repositoryId,
    environment: z.string(),
    sha,
    force: z.boolean(),
    ref: z.string().nullable().meta({ description: 'The branch, tag or sha that was named' }),
    reason: z.string().nullable(),
    askedAt: time.nullable(),
    deployment: deployment.nullable(),
    refused: z.string().nullable().meta({ description: 'Why none is made' }),
    waitsFor: z.string().nullable().meta({ description: 'What it waits for before one is made' }),
  })
  .meta({ id: 'Request' })

/** A wish for a deployment, and what became of it, as the API gives it. */
export type PresentedRequest = z.output<typeof requestSchema>
