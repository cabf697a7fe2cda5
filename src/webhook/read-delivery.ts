import type { FastifyRequest } from 'fastify'
import type { Rules } from '../config/rules.ts'
import { readSubject, type Subject } from '../deliveries/arrival.ts'
import { BadRequest } from '../errors/bad-request.ts'
import { decide } from '../events/decide.ts'
import type { Decision } from '../events/decision.ts'
import { readBody } from './body.ts'
import { foreignHost, foreignReason, type OwnHost } from './foreign-host.ts'

/** What a delivery whose signature is good is about, and what is to be done about it. */
export interface ReadDelivery {
  subject: Subject
  decision: Decision | { outcome: 'refused'; error: BadRequest }
}

const guid = /^[\w-]{1,100}$/

/** Reads a delivery and decides on it. Pure; takes whatever was sent. */
export function readDelivery(
  request: FastifyRequest,
  body: Buffer,
  rules: Rules,
  own: OwnHost,
): ReadDelivery {
  const event = headerOf(request, 'X-GitHub-Event')
  const delivery = headerOf(request, 'X-GitHub-Delivery')
  let payload: unknown
  try {
    if (event === '') throw new BadRequest('The header X-GitHub-Event is missing.')
    if (delivery === '') throw new BadRequest('The header X-GitHub-Delivery is missing.')
    if (!guid.test(delivery)) throw new BadRequest('The header X-GitHub-Delivery is not a GUID.')
    payload = readBody(body, request.headers['content-type'] ?? '')
    const foreign = foreignHost(request.headers, payload, own)
    if (foreign !== undefined) {
      const decision = { outcome: 'ignored', reason: foreignReason(foreign, own) } as const
      // Without the payload: its repository's id is another's here.
      return { subject: readSubject(delivery, event, undefined), decision }
    }
    const decision = decide(event, payload, delivery, rules)
    return { subject: readSubject(delivery, event, payload), decision }
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error
    return { subject: readSubject(delivery, event, payload), decision: { outcome: 'refused', error } }
  }
}

/** A header that came once; '' if it did not. */
export function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name.toLowerCase()]
  return typeof value === 'string' ? value : ''
}
