import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A secret of 256 random bits, as text for cookies and headers. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a secret that nobody can guess. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** A digest that only those can make who know the key. */
export function keyedDigest(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

/** Compares in constant time, whatever the lengths. */
export function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
