import type { FastifyRequest } from 'fastify'

/** What changes nothing, whoever asks. */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/**
 * Whether a browser sends this from one of our own pages. Browsers say where from: all of them in `Origin`, and to https
 * and localhost in `Sec-Fetch-Site`, too. What says neither comes from no page of ours.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function isFromOwnPage({ headers, host }: FastifyRequest, publicUrl: string): boolean {
  const site = headers['sec-fetch-site']
  const { origin } = headers
  if (site !== undefined && site !== 'same-origin') return false
  if (origin === undefined) return site !== undefined
  if (!URL.canParse(origin)) return false
  const from = new URL(origin)
  const own = new URL(publicUrl)
  // Behind a proxy we see http whatever it was; that PUBLIC_URL is https says what it must be.
  return from.origin === own.origin || (from.host === host && from.protocol === own.protocol)
}
