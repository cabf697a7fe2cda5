import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Enqueue } from '../jobs/enqueue.ts'
import type { JobRequest } from '../jobs/job.ts'
import { within } from '../within.ts'
import { BadRequest } from './bad-request.ts'
import { readBody } from './body.ts'
import { decide } from './decide.ts'
import { isSigned } from './signature.ts'
import { Unavailable } from './unavailable.ts'

/** GitHub sends no larger payload. @see https://docs.github.com/en/webhooks/webhook-events-and-payloads */
const bodyLimit = 25 * 1024 * 1024

/** GitHub gives up after 10 s; an answer within 2 s leaves room for a slow network. */
const enqueueLimitMs = 1900

const guid = /^[\w-]{1,100}$/

export interface WebhookDependencies {
  secrets: readonly string[]
  enqueue: Enqueue
}

/** `POST /event_handler`: raw body, signature, event, decision, jobs in Redis, and only then the answer. */
export async function webhookRoute(app: FastifyInstance, { secrets, enqueue }: WebhookDependencies) {
  // The signature is over the raw bytes: nothing may be parsed, or even decoded, before it is checked.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', 'application/x-www-form-urlencoded'],
    { parseAs: 'buffer', bodyLimit },
    (_request, body, done) => done(null, body),
  )

  app.post('/event_handler', { bodyLimit }, async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const refusal = signatureRefusal(request, body, secrets)
    if (refusal) return unauthorized(reply, refusal)

    const event = requiredHeader(request, 'X-GitHub-Event')
    const delivery = requiredHeader(request, 'X-GitHub-Delivery')
    if (!guid.test(delivery)) throw new BadRequest('The header X-GitHub-Delivery is not a GUID.')
    const decision = decide(event, readBody(body, request.headers['content-type'] ?? ''), delivery)

    if (decision.outcome === 'pong') return { outcome: 'pong', delivery }
    if (decision.outcome === 'ignored') return { outcome: 'ignored', delivery, reason: decision.reason }
    const outcome = await enqueueAll(decision.jobs, enqueue)
    const jobs = decision.jobs.map(({ name, id }) => ({ name, id }))
    return reply.code(outcome === 'queued' ? 202 : 200).send({ outcome, delivery, jobs })
  })
}

function signatureRefusal(request: FastifyRequest, body: Buffer, secrets: readonly string[]) {
  const signature = request.headers['x-hub-signature-256']
  if (typeof signature !== 'string') {
    return 'There is no X-Hub-Signature-256: give the webhook on GitHub the secret in GITHUB_WEBHOOK_SECRET.'
  }
  return isSigned(body, signature, secrets)
    ? undefined
    : "The signature is wrong: the webhook's secret on GitHub is not the one in GITHUB_WEBHOOK_SECRET."
}

function unauthorized(reply: FastifyReply, message: string) {
  return reply.code(401).send({ statusCode: 401, error: 'Unauthorized', message })
}

function requiredHeader(request: FastifyRequest, name: string): string {
  const value = request.headers[name.toLowerCase()]
  if (typeof value !== 'string' || value === '') throw new BadRequest(`The header ${name} is missing.`)
  return value
}

async function enqueueAll(jobs: JobRequest[], enqueue: Enqueue): Promise<'queued' | 'duplicate'> {
  try {
    const outcomes = await within(enqueueLimitMs, Promise.all(jobs.map(enqueue)), 'Redis does not answer.')
    return outcomes.includes('queued') ? 'queued' : 'duplicate'
  } catch (error) {
    throw new Unavailable(error)
  }
}
