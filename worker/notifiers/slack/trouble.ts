import type { WebAPICallError } from '@slack/web-api'
import { ChannelTrouble, NoticeRefused } from '../notifier.ts'
import { unreachable } from '../unreachable.ts'
import { troubleIn } from './fetch.ts'

/** What a person does about an error of Slack's. */
const advice: Readonly<Record<string, string>> = {
  invalid_auth: 'set the bot token (xoxb-…) of an installed app',
  not_authed: 'set the bot token (xoxb-…) of an installed app',
  account_inactive: 'install the app again and set its new bot token',
  token_revoked: 'install the app again and set its new bot token',
  token_expired: 'switch token rotation off, or set a new bot token',
  not_allowed_token_type: 'set the bot token (xoxb-…), not another one',
  channel_not_found: 'is `channel` the id (C0123456789) of a channel that the app is a member of?',
  not_in_channel: 'invite the app to the channel: /invite @its-name',
  is_archived: 'the channel is archived: choose another one',
  missing_scope: 'give the app the scope chat:write and install it again',
  no_permission: 'give the app the scope chat:write and install it again',
  restricted_action: 'a setting of the workspace keeps the app from posting there',
  restricted_action_read_only_channel: 'the channel is read-only: choose another one',
}

/** What is wrong with this one message, whatever is tried. */
const refused = new Set([
  ...['msg_too_long', 'msg_blocks_too_long', 'invalid_blocks', 'invalid_blocks_format', 'no_text'],
  ...['invalid_metadata_format', 'invalid_metadata_schema', 'metadata_too_large', 'invalid_arguments'],
])

/** Slack may have done what it was asked, or some of it. */
const unsure = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'])
const limited = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded'])
const pauseMs = 30_000

/** What an error of Slack's client means. It says nothing of the token. */
export function readSlackError(error: unknown): ChannelTrouble | NoticeRefused {
  if (error instanceof NoticeRefused) return error
  const status = isCallError(error) && 'statusCode' in error ? error.statusCode : undefined
  if (status !== undefined)
    return new ChannelTrouble(`Slack answered ${status}.`, { isCertain: status < 500 })
  const code = codeOf(error)
  if (code === undefined) return troubleIn(error) ?? unreachable('Slack', error)
  if (!/^[a-z_]{1,60}$/.test(code)) {
    return new ChannelTrouble('Slack gave an answer that cannot be read.', { isCertain: false })
  }
  if (refused.has(code)) return new NoticeRefused(`Slack does not take this message (${code}).`)
  if (unsure.has(code)) return new ChannelTrouble(`Slack has trouble (${code}).`, { isCertain: false })
  if (limited.has(code)) {
    const words = `Slack wants to be told less often (${code}).`
    return new ChannelTrouble(words, { retryAfterMs: pauseMs, isCertain: true })
  }
  const what = advice[code]
  return new ChannelTrouble(`Slack refuses (${code})${what === undefined ? '' : `: ${what}`}.`, {
    isCertain: true,
  })
}

/** The word in which Slack says what is wrong: what its answer has as `error`; undefined if it gave none. */
export function codeOf(error: unknown): string | undefined {
  return isCallError(error) && 'data' in error ? String(error.data.error) : undefined
}

function isCallError(error: unknown): error is WebAPICallError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('slack_webapi_')
}
