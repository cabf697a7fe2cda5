import { createHmac } from 'node:crypto'

/** How messages between Livraison and others are signed: with the time, so that nobody can come with an old one later. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
}
