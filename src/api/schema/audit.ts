import { z } from 'zod'
import { actorSchema } from './access.ts'
import { time } from './terms.ts'

/** What somebody did, or was refused, as the API gives it. */
export const auditEntry = z
  .object({
    id: z.string(),
    at: time.nullable(),
    action: z.string().meta({ description: '`deploy`, `lock`, `sign-in`, `token-create`, ...' }),
    actor: actorSchema,
    repository: z.string().nullable(),
    environment: z.string().nullable(),
    deployment: z.int().nullable(),
    reason: z.string().nullable(),
    outcome: z.string().meta({ description: '`done`, or why not' }),
    text: z.string().meta({ description: 'What the actor was told' }),
  })
  .meta({ id: 'AuditEntry' })

/** What somebody did, or was refused, as the API gives it. */
export type PresentedEntry = z.output<typeof auditEntry>
