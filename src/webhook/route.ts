import { createSecretKey } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addressOf } from '../access/caller-address.ts'
import { openBodyBudget, webhookSizes } from '../bodies/budget.ts'
import { bytesOf, createReadBytes } from '../bodies/read-bytes.ts'
import type { RulesInForce } from '../config/rules.ts'
import type { Arrival, AskedJob, Subject } from '../deliveries/arrival.ts'
import type { LeaveTrace } from '../deliveries/leave-trace.ts'
import type { SayArrival } from '../deliveries/say-arrival.ts'
import { Refusal } from '../errors/refusal.ts'
import { isHandled } from '../events/decide.ts'
import type { DeliveryOutcome, ReceiverMetrics } from '../metrics/receiver-metrics.ts'
import type { TraceDelivery, TracedDelivery } from '../tracing/deliveries.ts'
import { within } from '../within.ts'
import { admit, wrongSignature } from './admit.ts'
import { ownHost } from './foreign-host.ts'
import { headerOf, type ReadDelivery, readDelivery } from './read-delivery.ts'
import { webhookSchema } from './schema.ts'
import type { Senders } from './senders.ts'
import { isSigned } from './signature.ts'
import type { TakeIn } from './take-in.ts'
import { Unavailable } from './unavailable.ts'
import { createWrongSignatures } from './wrong-signatures.ts'

/** GitHub sends no larger payload. @see https://docs.github.com/en/webhooks/webhook-events-and-payloads */
const bodyLimit = 25 * 1024 * 1024

/** GitHub gives up after 10 s; an answer within 2 s leaves room for a slow network. */
const enqueueLimitMs = 1900
const answerLimitMs = 1950

/** An answer waits no longer than this for its trace. */
const traceLimitMs = 300

export interface WebhookDependencies {
  secrets: readonly string[]
  takeIn: TakeIn
  leaveTrace: LeaveTrace
  rules: RulesInForce
  /** Where people see repositories: deliveries from elsewhere are ignored. */
  githubUrl: string
  /** Is told of each delivery that was answered. */
  observe: ReceiverMetrics['delivery']
  /** From where they are taken; from anywhere unless given. */
  senders?: Senders | undefined
  sayArrival: SayArrival
  traceDelivery: TraceDelivery
}

/** What is answered to a delivery whose signature is good. */
type Verdict =
  | Exclude<ReadDelivery['decision'], { outcome: 'jobs' }>
  | { outcome: 'queued' | 'duplicate'; jobs: AskedJob[] }
  | { outcome: 'unavailable'; error: Unavailable }

interface CarriedOut {
  verdict: Verdict
  isTraced: boolean
}

/**
 * `POST /event_handler`: raw body, signature, event, decision, jobs in Redis, a trace of it, and only then the
 * answer. What is not signed leaves no trace: anyone could send it.
 */
export async function webhookRoute(
  app: FastifyInstance,
  {
    secrets,
    takeIn,
    leaveTrace,
    sayArrival,
    traceDelivery,
    rules,
    observe,
    senders,
    githubUrl,
  }: WebhookDependencies,
) {
  const keys = secrets.map((secret) => createSecretKey(secret, 'utf8'))
  const wrong = createWrongSignatures(() => performance.now())
  const own = ownHost(githubUrl)
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
    if (!isSigned(body, headerOf(request, 'X-Hub-Signature-256'), keys)) {
      wrong.note(addressOf(request), body.length)
      observe('', 'unauthorized', tookMs())
      throw wrongSignature()
    }

    const delivery = readDelivery(request, body, rules.current, own)
    const { guid, event } = delivery.subject
    const traced = traceDelivery({ event, delivery: guid, beganAt: Date.now() - reply.elapsedTime })
    const { verdict, isTraced } = await carryOut(delivery, takeIn, traced)
    const arrival = arrivalOf(delivery.subject, verdict)
    traced.within(() => sayArrival(arrival))
    const leftMs = Math.min(traceLimitMs, answerLimitMs - tookMs())
    if (!isTraced) await traced.within(() => leaveTrace(arrival, leftMs))
    // The header that names it is not signed: a name that nobody knows is not one more series.
    observe(isHandled(event) ? event : 'other', verdict.outcome, tookMs())
    traced.end(verdict.outcome)
    return answer(reply, guid, verdict)
  })
}

function outcomeOf({ statusCode }: Refusal): DeliveryOutcome {
  return statusCode === 503 ? 'unavailable' : 'unauthorized'
}

/** Stores what a delivery asks for, if it does; never throws, so that each delivery leaves its trace. */
async function carryOut(
  { subject, decision }: ReadDelivery,
  takeIn: TakeIn,
  traced: TracedDelivery,
): Promise<CarriedOut> {
  if (decision.outcome !== 'jobs') return { verdict: decision, isTraced: false }
  const { jobs } = decision
  try {
    const taken = traced.queue(jobs, () => takeIn(jobs, subject))
    const { outcome, isTraced } = await within(enqueueLimitMs, taken, 'Redis does not answer.')
    return { verdict: { outcome, jobs: jobs.map(({ name, id }) => ({ name, id })) }, isTraced }
  } catch (error) {
    return { verdict: { outcome: 'unavailable', error: new Unavailable(error) }, isTraced: false }
  }
}

function arrivalOf(subject: Subject, verdict: Verdict): Arrival {
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
