import { z } from 'zod'
import { time } from './terms.ts'

const text = z.string().meta({ description: 'A sentence for people' })

const approval = z.object({
  by: z.string(),
  verdict: z.enum(['approved', 'rejected']),
  comment: z.string(),
  at: time.nullable(),
})

/** What somebody said of a deployment that waits for approvals, and what it is worth. */
export const approvalSchema = approval.extend({ text, counts: z.boolean() }).meta({ id: 'Approval' })

/** The same, as it was given. */
export const givenApproval = approval
  .extend({
    rules: z.string().meta({ description: 'The digest of the rules then: under others it is void' }),
  })
  .meta({ id: 'GivenApproval' })

/** What somebody said of a deployment, as it was given. */
export type PresentedApproval = z.output<typeof givenApproval>

/** A lock that holds an environment. */
export const explainedLock = z
  .object({
    text,
    id: z.string(),
    scope: z.enum(['everything', 'repository', 'environment']),
    owner: z.string(),
    reason: z.string(),
    since: time.nullable(),
    expiresAt: time.nullable(),
    kind: z.enum(['hard', 'soft']),
    ownerMayDeploy: z.boolean(),
  })
  .meta({ id: 'ExplainedLock' })

/** A freeze, declared or from the configuration. */
export const explainedFreeze = z
  .object({
    text,
    id: z.string().nullable().meta({ description: 'null: it is in livraison.yml' }),
    isOn: z.boolean(),
    from: time.nullable(),
    until: time.nullable(),
    by: z.string().nullable(),
    reason: z.string(),
  })
  .meta({ id: 'ExplainedFreeze' })

/** The windows in which deployments may begin. */
export const explainedWindows = z
  .object({ text, isOpen: z.boolean(), opensAt: time.nullable(), closesAt: time.nullable() })
  .meta({ id: 'ExplainedWindows' })

/** Whose approvals an environment's deployments wait for. */
export const approvalRules = z
  .object({
    text,
    required: z.int(),
    from: z.array(z.string()).readonly(),
    expireSeconds: z.number(),
    withinSeconds: z.number(),
  })
  .meta({ id: 'ApprovalRules' })
