import { isSigned } from '../../webhook/signature.ts'

/** How far the clocks of both sides may be apart, and how old a message may be. */
export const windowMs = 5 * 60_000

export interface SignedMessage {
  body: Buffer
  timestamp: unknown
  signature: unknown
}

/** Why a message is not believed, and whether it may be a secret that is tried out; undefined if it is. Pure. */
export function whyNotSigned(
  { body, timestamp, signature }: SignedMessage,
  secrets: readonly string[],
  nowMs: number,
): { why: string; isGuess: boolean } | undefined {
  if (typeof signature !== 'string') return no('There is no X-Livraison-Signature-256.')
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) {
    return no('There is no X-Livraison-Timestamp with the seconds since 1970.')
  }
  if (!isSigned(Buffer.concat([Buffer.from(`${timestamp}.`), body]), signature, secrets)) {
    const why = 'The signature is wrong: HUBOT_LIVRAISON_SECRET of Hubot is not in HUBOT_SECRET here.'
    return { why, isGuess: true }
  }
  if (Math.abs(nowMs - Number(timestamp) * 1000) > windowMs) {
    return no('It was signed more than 5 minutes ago or ahead: are the clocks of both machines right?')
  }
  return undefined
}

function no(why: string) {
  return { why, isGuess: false }
}
