import { isIP } from 'node:net'

/** Who can reach an address. All of it is pure. */

/** Whether a host is the machine itself. */
export function isLoopback(hostname: string): boolean {
  const name = bare(hostname)
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1' || name === '0.0.0.0') return true
  return isIP(name) === 4 && name.startsWith('127.')
}

/** Whether a host is on a network that the internet does not reach. */
export function isPrivate(hostname: string): boolean {
  const name = bare(hostname)
  if (isIP(name) === 4) return /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(name)
  if (isIP(name) === 6) return /^(f[cd]|fe[89ab])/i.test(name)
  return /\.(local|internal|lan|home|test)$/i.test(name) || !name.includes('.')
}

/** An IPv6 address has brackets in a URL. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '').toLowerCase()
}
