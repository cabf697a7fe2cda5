import { z } from 'zod'
import { duration, list, mapping } from './terms.ts'

/** A login of GitHub's, or a team of an organisation. */
const whom = z
  .string({ error: 'a login, or a team such as @acme/deployers' })
  .regex(/^(?:[A-Za-z\d][A-Za-z\d-]*(?:\[bot\])?|@[A-Za-z\d][A-Za-z\d-]*\/[\w.-]+)$/, {
    error: 'a login, or a team such as @acme/deployers',
  })

const many = { error: 'a whole number from 1 to 100' }

/** `approvals:`: who must agree before a deployment begins. */
export const approvalsSchema = mapping({
  required: z.int(many).min(1, many).max(100, many).optional().meta({
    description: 'How many people must approve. Default: 1.',
  }),
  from: list(whom).min(1, { error: 'a list of at least one' }).optional().meta({
    description: 'Logins, and teams such as @acme/deployers. Default: whoever has the role approver.',
  }),
  expire: duration('1m', '30d')
    .optional()
    .meta({ description: 'How long an approval counts. Default: 24h.' }),
  within: duration('1m', '30d').optional().meta({
    description: 'How long approvals are waited for; then the deployment ends. Default: 7d.',
  }),
})

export type ApprovalsEntry = z.output<typeof approvalsSchema>
