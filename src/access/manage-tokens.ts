import { z } from 'zod'
import type { Audit } from '../audit/audit.ts'
import type { Answer } from '../operations/answer.ts'
import type { Actor } from './actor.ts'
import { roles } from './role.ts'
import type { ApiToken, Tokens } from './tokens.ts'

export interface TokenTools {
  tokens: Tokens
  audit: Audit
}

const dayMs = 24 * 3_600_000
const usualDays = 90
const mostDays = 365

const text = (what: string) => z.string({ error: what })
const glob = text('must be names such as acme/shop or acme/*').regex(/^!?[\w.*?-]+\/[\w.*?-]+$/, {
  error: 'must be names such as acme/shop or acme/*',
})

/** What somebody asks for who wants a token. */
export const tokenWish = z.strictObject({
  name: text('must be a name')
    .trim()
    .min(1, { error: 'must be a name' })
    .max(100, { error: 'must be a name of at most 100 characters' }),
  role: z.enum(roles, { error: `must be one of ${roles.join(', ')}` }),
  repositories: z.array(glob, { error: 'must be a list of names such as acme/shop or acme/*' }).default([]),
  expires: text('must be a time such as 30d, 12h or 2030-01-31')
    .default(`${usualDays}d`)
    .meta({ description: 'How long, or until when: `30d`, `12h`, `2030-01-31`; a year at most' })
    .transform((value, context) => {
      const ms = readLifetime(value, Date.now())
      if (ms !== undefined && ms > 0 && ms <= mostDays * dayMs) return ms
      context.addIssue(`must be within a year: a time such as 30d, 12h or 2030-01-31`)
      return z.NEVER
    }),
})

/** `30d`, `12h`, or a time in ISO 8601, as milliseconds from now. */
function readLifetime(value: string, now: number): number | undefined {
  const [, number, unit] = /^(\d{1,5})([dh])$/.exec(value) ?? []
  if (number !== undefined) return Number(number) * (unit === 'd' ? dayMs : 3_600_000)
  const at = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : at - now
}

/** Makes a token for somebody who may (the role admin), and notes who. */
export async function createToken(
  { tokens, audit }: TokenTools,
  actor: Actor,
  wish: unknown,
): Promise<Answer<{ secret: string; token: ApiToken }>> {
  const read = tokenWish.safeParse(wish ?? {})
  if (!read.success) return { outcome: 'refused', code: 'invalid', reason: reasonOf(read.error) }
  const { expires, ...what } = read.data
  const made = await tokens.create({ ...what, createdBy: actor.name, lifetimeMs: expires })
  const where = what.repositories.length === 0 ? 'all repositories' : what.repositories.join(', ')
  const until = new Date(made.token.expiresAt).toISOString().slice(0, 10)
  const done = `The token ${what.name} (${made.token.id}) acts as ${what.role} in ${where} until ${until}.`
  await note(audit, 'token-create', actor, done)
  return { outcome: 'done', text: `${done} Its secret is shown this once.`, ...made }
}

/** Ends a token, and notes who did. */
export async function revokeToken(
  { tokens, audit }: TokenTools,
  actor: Actor,
  id: string,
): Promise<Answer<{ token: ApiToken }>> {
  const token = /^[0-9a-f]{12}$/.test(id) ? await tokens.revoke(id) : undefined
  if (token === undefined) return { outcome: 'refused', code: 'unknown', reason: `There is no token ${id}.` }
  const text = `The token ${token.name} (${token.id}) is not in force any more.`
  await note(audit, 'token-revoke', actor, text)
  return { outcome: 'done', text, token }
}

async function note(audit: Audit, action: string, actor: Actor, text: string): Promise<void> {
  const { kind, name, face } = actor
  await audit.note({ action, actor: { kind, name, face }, outcome: 'done', text })
}

function reasonOf({ issues }: z.ZodError): string {
  const problems = issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')} means nothing here`
      : `${issue.path.join('.') || 'the body'} ${issue.message}`,
  )
  return `No token was made: ${[...new Set(problems)].join('; ')}.`
}
