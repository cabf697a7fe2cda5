import { createHmac } from 'node:crypto'
import { signatureOf } from '../../src/signature-of.ts'

/** What the receiver is given to know its senders by. */
export interface Secrets {
  webhook: string
  slack: string
  hubot: string
  admin: string
  /** An API token that may look at everything and do nothing. */
  viewer: string
}

export type Header = [name: string, value: string]

/** What GitHub signs with. */
export function webhookHeaders(secret: string, body: Buffer): Header[] {
  const hmac = createHmac('sha256', secret).update(body).digest('hex')
  return [['X-Hub-Signature-256', `sha256=${hmac}`]]
}

/** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function slackHeaders(secret: string, body: Buffer, now: number): Header[] {
  const timestamp = String(Math.floor(now / 1000))
  const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')
  return [
    ['X-Slack-Request-Timestamp', timestamp],
    ['X-Slack-Signature', `v0=${hmac}`],
  ]
}

/** As integrations/hubot signs. */
export function hubotHeaders(secret: string, body: Buffer, now: number): Header[] {
  const timestamp = String(Math.floor(now / 1000))
  return [
    ['X-Livraison-Timestamp', timestamp],
    ['X-Livraison-Signature-256', signatureOf(secret, timestamp, body.toString('utf8'))],
  ]
}
