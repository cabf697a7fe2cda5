import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addressOf } from '../access/caller-address.ts'
import { BadRequest } from '../bad-request.ts'
import { openBodyBudget, webhookSizes } from '../bodies/budget.ts'
import { bytesOf, createReadBytes } from '../bodies/read-bytes.ts'
import type { Rules, RulesInForce } from '../config/rules.ts'
import { type Arrival, type AskedJob, readSubject } from '../deliveries/arrival.ts'
import type { LeaveTrace } from '../deliveries/leave-trace.ts'
import { decide } from '../events/decide.ts'
import type { Enqueue } from '../jobs/enqueue.ts'
import type { JobRequest } from '../jobs/job.ts'
import type { DeliveryOutcome, ReceiverMetrics } from '../metrics/receiver-metrics.ts'
import { Refusal } from '../refusal.ts'
import { within } from '../within.ts'
import { admit, wrongSignature } from './admit.ts'
import { readBody } from './body.ts'
import { webhookSchema } from './schema.ts'
import type { Senders } from './senders.ts'
import { isSigned } from './signature.ts'
import { Unavailable } from './unavailable.ts'
import { createWrongSignatures } from './wrong-signatures.ts'

/** GitHub sends no larger payload. @see https://docs.github.com/en/webhooks/webhook-events-and-payloads */
const bodyLimit = 25 * 1024 * 1024

/** GitHub gives up after 10 s; an answer within 2 s leaves room for a slow network. */
const enqueueLimitMs = 1900
const answerLimitMs = 1950

/** An answer waits no longer than this for its trace. */
const traceLimitMs = 300

const guid = /^[\w-]{1,100}$/

export interface WebhookDependencies {
  secrets: readonly string[]
  enqueue: Enqueue
  leaveTrace: LeaveTrace
  rules: RulesInForce
  /** Is told of each delivery that was answered. */
  observe: ReceiverMetrics['delivery']
  /** From where they are taken; from anywhere unless given. */
  senders?: Senders | undefined
}

/** What is answered to a delivery whose signature is good. */
type Verdict =
  | { outcome: 'pong' }
  | { outcome: 'ignored'; reason: string }
  | { outcome: 'queued' | 'duplicate'; jobs: AskedJob[] }
  | { outcome: 'refused'; error: BadRequest }
  | { outcome: 'unavailable'; error: Unavailable }

/**
 * `POST /event_handler`: raw body, signature, event, decision, jobs in Redis, a trace of it, and only then the
 * answer. What is not signed leaves no trace: anyone could send it.
 */
export async function webhookRoute(
  app: FastifyInstance,
  { secrets, enqueue, leaveTrace, rules, observe, senders }: WebhookDependencies,
) {
  const wrong = createWrongSignatures(() => performance.now())
  // The signature is over the raw bytes: nothing may be parsed, or even decoded, before it is checked.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', 'application/x-www-form-urlencoded'],
    createReadBytes(bodyLimit, openBodyBudget(webhookSizes)),
  )
  // Before the body is read, which may be large.
  const refuse = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const refusal = admit(request, { senders, wrong })
    if (refusal === undefined) return done()
    observe('', outcomeOf(refusal), 0)
    reply.send(refusal)
  }

  // Headers for browsers: none ever reads these answers, and they would cost a tenth of all that a delivery does.
  const config = { role: 'anybody' } as const
  const options = { helmet: false, bodyLimit, config, schema: webhookSchema, onRequest: refuse } as const
  app.post('/event_handler', options, async (request, reply) => {
    const beganAt = performance.now()
    if (request.body instanceof Refusal) {
      observe('', outcomeOf(request.body), 0)
      throw request.body
    }
    const body = bytesOf(request)
    const tookMs = () => performance.now() - beganAt
    if (!isSigned(body, headerOf(request, 'X-Hub-Signature-256'), secrets)) {
      wrong.note(addressOf(request), body.length)
      observe('', 'unauthorized', tookMs())
      throw wrongSignature()
    }

    const { payload, verdict } = await judge(request, body, enqueue, rules.current)
    const leftMs = answerLimitMs - tookMs()
    await leaveTrace(arrivalOf(request, payload, verdict), Math.min(traceLimitMs, leftMs))
    observe(headerOf(request, 'X-GitHub-Event'), verdict.outcome, tookMs())
    return answer(reply, headerOf(request, 'X-GitHub-Delivery'), verdict)
  })
}

function outcomeOf({ statusCode }: Refusal): DeliveryOutcome {
  return statusCode === 503 ? 'unavailable' : 'unauthorized'
}

/** Reads a delivery, decides on it and queues what it asks for. */
async function judge(
  request: FastifyRequest,
  body: Buffer,
  enqueue: Enqueue,
  rules: Rules,
): Promise<{ payload?: unknown; verdict: Verdict }> {
  let payload: unknown
  try {
    const event = requiredHeader(request, 'X-GitHub-Event')
    const delivery = requiredHeader(request, 'X-GitHub-Delivery')
    if (!guid.test(delivery)) throw new BadRequest('The header X-GitHub-Delivery is not a GUID.')
    payload = readBody(body, request.headers['content-type'] ?? '')
    const decision = decide(event, payload, delivery, rules)
    const verdict = decision.outcome === 'jobs' ? await enqueueAll(decision.jobs, enqueue) : decision
    return { payload, verdict }
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error
    return { payload, verdict: { outcome: 'refused', error } }
  }
}

function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name.toLowerCase()]
  return typeof value === 'string' ? value : ''
}

function requiredHeader(request: FastifyRequest, name: string): string {
  const value = headerOf(request, name)
  if (value === '') throw new BadRequest(`The header ${name} is missing.`)
  return value
}

async function enqueueAll(requests: JobRequest[], enqueue: Enqueue): Promise<Verdict> {
  try {
    const all = Promise.all(requests.map(enqueue))
    const outcomes = await within(enqueueLimitMs, all, 'Redis does not answer.')
    const jobs = requests.map(({ name, id }) => ({ name, id }))
    return { outcome: outcomes.includes('queued') ? 'queued' : 'duplicate', jobs }
  } catch (error) {
    return { outcome: 'unavailable', error: new Unavailable(error) }
  }
}

function arrivalOf(request: FastifyRequest, payload: unknown, verdict: Verdict): Arrival {
  const subject = readSubject(
    headerOf(request, 'X-GitHub-Delivery'),
    headerOf(request, 'X-GitHub-Event'),
    payload,
  )
  const reason = 'error' in verdict ? verdict.error.message : 'reason' in verdict ? verdict.reason : undefined
  return {
    ...subject,
    outcome: verdict.outcome,
    ...(reason === undefined ? {} : { reason }),
    jobs: 'jobs' in verdict ? verdict.jobs : [],
  }
}

function answer(reply: FastifyReply, delivery: string, verdict: Verdict) {
  if ('error' in verdict) throw verdict.error
  const { outcome, ...rest } = verdict
  return reply.code(outcome === 'queued' ? 202 : 200).send({ outcome, delivery, ...rest })
}
