import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'

/** The address that a request came from, to count by: of IPv6 the network, since whoever has one has 2^64 of them. */
export function addressOf(request: FastifyRequest): string {
  return normalizeIP(request.ip)
}
