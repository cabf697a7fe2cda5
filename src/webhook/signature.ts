import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'

const shape = /^sha256=[0-9a-f]{64}$/

/** Whether a header could be a signature at all. */
export function hasShape(header: string): boolean {
  return shape.test(header)
}

/**
 * Is this body, byte for byte, signed with one of our secrets?
 *
 * @param header the value of `X-Hub-Signature-256`: `sha256=` and the hex HMAC-SHA256 of the raw body
 * @see https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function isSigned(body: Buffer, header: string, secrets: readonly (string | KeyObject)[]): boolean {
  if (!shape.test(header)) return false
  const given = Buffer.from(header.slice('sha256='.length), 'hex')
  return secrets.some((secret) => timingSafeEqual(given, createHmac('sha256', secret).update(body).digest()))
}
