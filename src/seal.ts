import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Makes texts unreadable for whoever lacks the secret: what must not lie in Redis in the clear. */
export interface Seal {
  seal(text: string): string
  /** What was sealed, by this secret or an earlier one; undefined if by neither, or if it was changed. */
  open(sealed: string): string | undefined
}

const cipher = 'aes-256-gcm'
const [nonceBytes, tagBytes] = [12, 16]

/**
 * @param secrets the present one first, then those that are being replaced
 * @param purpose what is sealed: what is sealed for one purpose cannot be opened for another
 * @throws {RangeError} without a secret
 */
export function openSeal(secrets: readonly string[], purpose: string): Seal {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)))
  const [present] = keys
  if (present === undefined) throw new RangeError('Nothing can be sealed without a secret.')
  return {
    seal(text) {
      const nonce = randomBytes(nonceBytes)
      const sealing = createCipheriv(cipher, present, nonce, { authTagLength: tagBytes })
      const sealed = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()])
      return Buffer.concat([nonce, sealing.getAuthTag(), sealed]).toString('base64')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      return keys.map((key) => openWith(key, bytes)).find((text) => text !== undefined)
    },
  }
}

function openWith(key: Buffer, bytes: Buffer): string | undefined {
  try {
    const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    opening.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    const text = [opening.update(bytes.subarray(nonceBytes + tagBytes)), opening.final()]
    return Buffer.concat(text).toString('utf8')
  } catch {
    // Another's, or changed: authenticated encryption does not say which.
    return undefined
  }
}
