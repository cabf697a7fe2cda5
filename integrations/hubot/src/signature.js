import { createHmac, timingSafeEqual } from 'node:crypto'

/** How far the clocks of both sides may be apart, and how old a message may be. */
const windowSeconds = 300

/**
 * The time is signed with the body, so that nobody can come with an old message later.
 *
 * @param {string} secret @param {string} timestamp @param {string | Buffer} body
 */
export function signatureOf(secret, timestamp, body) {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`
}

/** @param {string | undefined} secret @param {string} body @param {number} nowMs */
export function signedHeaders(secret, body, nowMs) {
  const timestamp = String(Math.floor(nowMs / 1000))
  return {
    'x-livraison-timestamp': timestamp,
    'x-livraison-signature-256': signatureOf(secret ?? '', timestamp, body),
  }
}

/**
 * Why a message is not believed, in words; undefined if it is.
 *
 * @param {{ body: Buffer, timestamp: unknown, signature: unknown }} message
 * @param {readonly string[]} secrets @param {number} nowMs
 */
export function whyNotSigned({ body, timestamp, signature }, secrets, nowMs) {
  if (typeof signature !== 'string') return 'There is no X-Livraison-Signature-256.'
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) {
    return 'There is no X-Livraison-Timestamp with the seconds since 1970.'
  }
  // All are compared: how long it takes says nothing of which one it is.
  const matching = secrets.filter((secret) => isSame(signatureOf(secret, timestamp, body), signature))
  if (matching.length === 0) {
    return 'The signature is wrong: HUBOT_LIVRAISON_SECRET here and the secret at Livraison are not the same.'
  }
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > windowSeconds) {
    return 'It was signed more than 5 minutes ago or ahead: are the clocks of both machines right?'
  }
  return undefined
}

/** @param {string} one @param {string} other */
function isSame(one, other) {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
