import { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { messageOf } from '../../errors/errors.ts'
import { Refusal } from '../../errors/refusal.ts'
import type { Logger } from '../../log/log.ts'
import type { Redis } from '../../redis/redis.ts'
import { quietLogger } from './quiet-logger.ts'

/** What Slack vouches for of somebody. */
export interface SlackAccount {
  /** Undefined: they have none that is confirmed, or may not be known by it: guests, bots, strangers, the gone. */
  email?: string | undefined
  /** The workspaces, and the organization, that they are of; none: Slack did not say. */
  teams: readonly string[]
}

/** Asks Slack who somebody is. @throws {Refusal} in words, if Slack does not say */
export type FindAccount = (userId: string) => Promise<SlackAccount>

export interface AccountTools {
  /** With the scopes users:read and users:read.email. */
  botToken: string
  /** Without a slash at the end. */
  apiUrl: string
  redis: Redis
  prefix: string
  log: Logger
}

/** Somebody's address may change, and they may leave. */
const keptMs = 10 * 60_000
const askLimitMs = 5000

/** @see https://docs.slack.dev/reference/objects/user-object */
const userSchema = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  is_email_confirmed: z.boolean().optional(),
  enterprise_user: z
    .object({ enterprise_id: z.string().optional(), teams: z.array(z.string()).optional() })
    .optional(),
  profile: z.object({ email: z.string().optional() }).optional(),
})

/** Slack's accounts, each answer kept for minutes. */
export function createFindAccount({ botToken, apiUrl, redis, prefix, log }: AccountTools): FindAccount {
  const client = new WebClient(botToken, {
    slackApiUrl: `${apiUrl}/`,
    timeout: askLimitMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: quietLogger,
  })
  return async (userId) => {
    const key = `${prefix}:slack:account:${userId}`
    const known = await redis.get(key)
    if (known !== null) return JSON.parse(known) as SlackAccount
    try {
      const { user } = await client.users.info({ user: userId })
      const account = toAccount(userSchema.parse(user))
      await redis.set(key, JSON.stringify(account), 'PX', keptMs)
      return account
    } catch (error) {
      const reason = reasonOf(error)
      log.warn({ reason }, 'Slack did not say who somebody is')
      throw new Refusal(503, `Slack did not say who you are (${reason}). ${adviceOn(reason)}`)
    }
  }
}

/** Only of members of the workspace who have proven that the address is theirs. Pure. */
export function toAccount(user: z.output<typeof userSchema>): SlackAccount {
  const isMember = !(
    user.deleted ||
    user.is_bot ||
    user.is_restricted ||
    user.is_ultra_restricted ||
    user.is_stranger
  )
  const isConfirmed = user.is_email_confirmed === true
  const { enterprise_id, teams = [] } = user.enterprise_user ?? {}
  return {
    teams: [user.team_id, enterprise_id, ...teams].filter((team) => team !== undefined),
    ...(isMember && isConfirmed ? { email: user.profile?.email } : {}),
  }
}

/** What Slack calls it, else the message; never the token, which no error has. */
function reasonOf(error: unknown): string {
  const said = z.object({ data: z.object({ error: z.string() }) }).safeParse(error)
  return said.success ? said.data.data.error : messageOf(error)
}

function adviceOn(reason: string): string {
  if (/missing_scope/.test(reason)) return 'Give its app the scopes users:read and users:read.email.'
  if (/auth|token|account_inactive/.test(reason)) return 'Is SLACK_BOT_TOKEN the one of its app?'
  return 'Try again in a while.'
}
