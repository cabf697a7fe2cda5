import { createHmac, timingSafeEqual } from 'node:crypto'

/** A request's body as it came, and what its headers say of it. */
export interface SignedBody {
  body: Buffer
  /** `X-Slack-Request-Timestamp`: seconds since 1970. */
  timestamp: string | undefined
  /** `X-Slack-Signature`: `v0=` and the hex HMAC-SHA256. */
  signature: string | undefined
}

/** An old one may be somebody who has listened, and says it again. */
const windowMs = 5 * 60_000

const shape = /^v0=[0-9a-f]{64}$/

/**
 * Whether Slack has signed this body, byte for byte, with one of our secrets and just now.
 *
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function judgeSignature(
  { body, timestamp, signature }: SignedBody,
  secrets: readonly string[],
  nowMs: number,
): 'good' | 'absent' | 'old' | 'wrong' {
  if (timestamp === undefined || signature === undefined) return 'absent'
  if (!/^\d{1,12}$/.test(timestamp) || !shape.test(signature)) return 'wrong'
  const given = Buffer.from(signature.slice('v0='.length), 'hex')
  const isOurs = secrets.some((secret) => timingSafeEqual(given, signatureOf(secret, timestamp, body)))
  if (!isOurs) return 'wrong'
  return Math.abs(nowMs - Number(timestamp) * 1000) > windowMs ? 'old' : 'good'
}

function signatureOf(secret: string, timestamp: string, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest()
}
