import { z } from 'zod'
import { listOf, notThis, webUrl } from './values.ts'

/** The variables of Slack. */
export const slackVariables = {
  SLACK_SIGNING_SECRET: z
    .string()
    .transform(listOf)
    .refine((secrets) => secrets.length > 0, { error: 'holds no secret' })
    .optional(),
  SLACK_APP_TOKEN: z
    .string()
    .trim()
    .refine((token) => token.startsWith('xapp-'), {
      error: 'is no app-level token: that begins with xapp-, and has the scope connections:write',
    })
    .optional(),
  SLACK_BOT_TOKEN: z
    .string()
    .trim()
    .refine((token) => token.startsWith('xoxb-'), {
      error: 'is no token of a bot: that begins with xoxb-',
    })
    .optional(),
  SLACK_TEAM_ID: z
    .string()
    .refine((value) => listOf(value).every((id) => /^[TE][A-Z0-9]+$/.test(id)), {
      error: notThis('ids of workspaces (T...) or organizations (E...), separated by commas'),
    })
    .transform(listOf)
    .optional(),
  SLACK_API_URL: webUrl.default('https://slack.com/api'),
}

type SlackVariables = z.output<z.ZodObject<typeof slackVariables>>

/** What is asked for in Slack comes by request, by socket, or by both; undefined: by neither. */
export function readSlack(read: SlackVariables) {
  const { SLACK_SIGNING_SECRET: signingSecrets = [], SLACK_APP_TOKEN: appToken } = read
  if (signingSecrets.length === 0 && appToken === undefined) return undefined
  return {
    signingSecrets,
    appToken,
    botToken: read.SLACK_BOT_TOKEN,
    teams: read.SLACK_TEAM_ID ?? [],
    apiUrl: read.SLACK_API_URL,
  }
}
