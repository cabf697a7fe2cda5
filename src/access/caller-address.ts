import { normalizeIP } from '@fastify/rate-limit'

/** The address that a request came from, to count by: of IPv6 the network, since whoever has one has 2^64 of them. */
export function addressOf({ ip }: { ip?: string | undefined }): string {
  // Whoever has gone already has none: all of them count as one.
  if (ip === undefined) return 'gone'
  // To normalize one of IPv4 changes nothing, and costs each delivery something.
  return ip.includes(':') ? normalizeIP(ip) : ip
}
