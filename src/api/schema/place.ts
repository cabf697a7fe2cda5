import { z } from 'zod'
import { repositoryId, time } from './terms.ts'

const repository = z.string().meta({ description: 'Its `owner/name`, as it was then' })

/** What a lock or a freeze is on. */
const scopeSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('everything') }),
    z.object({ kind: z.literal('repository'), repositoryId, repository }),
    z.object({ kind: z.literal('environment'), repositoryId, repository, environment: z.string() }),
  ])
  .meta({ id: 'Scope' })

/** A lock as the API gives it. */
export const lockSchema = z
  .object({
    id: z.string(),
    scope: scopeSchema,
    kind: z.enum(['hard', 'soft']).meta({ description: '`soft`: what is forced, with a reason, passes it' }),
    owner: z.string(),
    reason: z.string(),
    since: time.nullable(),
    expiresAt: time.nullable().meta({ description: 'null: not before somebody unlocks' }),
    ownerMayDeploy: z.boolean(),
  })
  .meta({ id: 'Lock' })

/** A lock as the API gives it. */
export type PresentedLock = z.output<typeof lockSchema>

/** A freeze that somebody declared, as the API gives it. */
export const freezeSchema = z
  .object({
    id: z.string(),
    scope: scopeSchema,
    from: time.nullable(),
    until: time.nullable(),
    by: z.string(),
    reason: z.string(),
    at: time.nullable().meta({ description: 'When it was declared' }),
  })
  .meta({ id: 'Freeze' })

/** A freeze that somebody declared, as the API gives it. */
export type PresentedFreeze = z.output<typeof freezeSchema>
