import type { FastifyRequest } from 'fastify'
import { addressOf } from '../access/caller-address.ts'
import { Refusal } from '../errors/refusal.ts'
import type { Senders } from './senders.ts'
import { hasShape } from './signature.ts'
import type { WrongSignatures } from './wrong-signatures.ts'

export interface AdmitTools {
  /** From where webhooks are taken; undefined: from anywhere. */
  senders: Senders | undefined
  wrong: WrongSignatures
}

/** What is larger may have to wait. Nearly nothing that GitHub sends is. */
const smallBytes = 256 * 1024

/**
 * What can be said of a delivery before its body is read, which may be large. It gives why it is not taken, if it is not. Pure but
 * for what it is given.
 */
export function admit(request: FastifyRequest, { senders, wrong }: AdmitTools): Refusal | undefined {
  const refusal = senders?.refusalOf(request.ip)
  if (refusal !== undefined) return refusal
  const signature = request.headers['x-hub-signature-256']
  if (typeof signature !== 'string') {
    return new Refusal(
      401,
      'There is no X-Hub-Signature-256: give the webhook on GitHub the secret in GITHUB_WEBHOOK_SECRET.',
    )
  }
  if (!hasShape(signature)) return wrongSignature()
  return isLarge(request) ? mustWait(wrong.waitMs(addressOf(request))) : undefined
}

/** GitHub always says how long a body is. */
function isLarge({ headers }: FastifyRequest): boolean {
  const length = headers['content-length']
  return length === undefined || Number(length) > smallBytes
}

function mustWait(waitMs: number): Refusal | undefined {
  if (waitMs <= 0) return undefined
  const message =
    'From this address, too many large bodies came whose signature was wrong: redeliver this later.'
  return new Refusal(429, message, { retryAfterSeconds: Math.ceil(waitMs / 1000) })
}

export function wrongSignature(): Refusal {
  return new Refusal(
    401,
    "The signature is wrong: the webhook's secret on GitHub is not the one in GITHUB_WEBHOOK_SECRET.",
  )
}
