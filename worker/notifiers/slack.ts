import type { ChannelTarget } from '../../src/config/rules.ts'
import { ChannelTrouble, NoticeRefused, type Notifier, type NotifierTools } from './notifier.ts'
import { slackFetch, troubleIn } from './slack/fetch.ts'
import { slackMessage } from './slack/message.ts'
import { unreachable } from './unreachable.ts'

const timeoutMs = 15_000

/**
 * Tells a Slack channel by an incoming webhook. What was posted cannot be asked for: after an uncertain attempt it is posted again.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function createSlackNotifier(
  target: Extract<ChannelTarget, { kind: 'slack' }>,
  { people }: NotifierTools,
): Notifier {
  return async ({ message, signal }) => {
    const { IncomingWebhook, IncomingWebhookHTTPError } = await import('@slack/webhook')
    const call = slackFetch(signal)
    let isTaken = false
    const webhook = new IncomingWebhook(target.url, {
      timeout: timeoutMs,
      fetch: async (url, init) => {
        const response = await call(url, init)
        isTaken = response.ok
        return response
      },
    })
    try {
      await webhook.send({ ...slackMessage(message, people()) })
    } catch (error) {
      // The status has said all: that the rest of the answer was lost changes nothing.
      if (isTaken) return
      if (error instanceof IncomingWebhookHTTPError) throw readAnswer(error.statusCode, error.body)
      throw troubleIn(error) ?? unreachable('Slack', error)
    }
  }
}

/** What Slack's answer to a webhook means; its body is a word such as `no_service`. Pure. */
export function readAnswer(status: number, body: string): ChannelTrouble | NoticeRefused {
  const word = /^[a-z_]{1,60}$/.test(body.trim()) ? ` (${body.trim()})` : ''
  const said = `Slack answered ${status}${word}`
  if (status >= 500) return new ChannelTrouble(`${said}.`, { isCertain: false })
  if (status === 400 || status === 413) return new NoticeRefused(`${said}.`)
  const advice =
    'is the webhook still there, and its channel not archived? Make a new one in the app’s settings'
  return new ChannelTrouble(`${said}: ${advice}.`, { isCertain: true })
}
