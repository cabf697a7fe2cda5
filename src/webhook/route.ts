import { createSecretKey, type KeyObject } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorAnswer } from '../answer-error.ts'
import type { RulesInForce } from '../config/rules.ts'
import type { Arrival, AskedJob, Subject } from '../deliveries/arrival.ts'
import type { LeaveTrace } from '../deliveries/leave-trace.ts'
import type { ReceiverMetrics } from '../metrics/receiver-metrics.ts'
import { within } from '../within.ts'
import { type ReadDelivery, readDelivery } from './read-delivery.ts'
import { webhookSchema } from './schema.ts'
import { isSigned } from './signature.ts'
import type { TakeIn } from './take-in.ts'
import { Unavailable } from './unavailable.ts'

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
  /** Is told of each delivery that was answered. */
  observe: ReceiverMetrics['delivery']
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
  { secrets, takeIn, leaveTrace, rules, observe }: WebhookDependencies,
) {
  const keys = secrets.map((secret) => createSecretKey(secret, 'utf8'))
  // The signature is over the raw bytes: nothing may be parsed, or even decoded, before it is checked.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', 'application/x-www-form-urlencoded'],
    { parseAs: 'buffer', bodyLimit },
    (_request, body, done) => done(null, body),
  )

  // Headers for browsers: none ever reads these answers, and they would cost a tenth of all that a delivery does.
  const options = { helmet: false, bodyLimit, config: { role: 'anybody' }, schema: webhookSchema } as const
  app.post('/event_handler', options, async (request, reply) => {
    const beganAt = performance.now()
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const refusal = signatureRefusal(request, body, keys)
    const tookMs = () => performance.now() - beganAt
    if (refusal) {
      observe('', 'unauthorized', tookMs())
      return unauthorized(reply, refusal)
    }

    const delivery = readDelivery(request, body, rules.current)
    const { subject } = delivery
    const { verdict, isTraced } = await carryOut(delivery, takeIn)
    const leftMs = answerLimitMs - tookMs()
    if (!isTraced) await leaveTrace(arrivalOf(subject, verdict), Math.min(traceLimitMs, leftMs))
    observe(subject.event, verdict.outcome, tookMs())
    return answer(reply, subject.guid, verdict)
  })
}

function signatureRefusal(request: FastifyRequest, body: Buffer, secrets: readonly KeyObject[]) {
  const signature = request.headers['x-hub-signature-256']
  if (typeof signature !== 'string') {
    return 'There is no X-Hub-Signature-256: give the webhook on GitHub the secret in GITHUB_WEBHOOK_SECRET.'
  }
  return isSigned(body, signature, secrets)
    ? undefined
    : "The signature is wrong: the webhook's secret on GitHub is not the one in GITHUB_WEBHOOK_SECRET."
}

function unauthorized(reply: FastifyReply, message: string) {
  return reply.code(401).send(errorAnswer(401, message))
}

/** Stores what a delivery asks for, if it does; never throws, so that each delivery leaves its trace. */
async function carryOut({ subject, decision }: ReadDelivery, takeIn: TakeIn): Promise<CarriedOut> {
  if (decision.outcome !== 'jobs') return { verdict: decision, isTraced: false }
  try {
    const taken = takeIn(decision.jobs, subject)
    const { outcome, isTraced } = await within(enqueueLimitMs, taken, 'Redis does not answer.')
    const jobs = decision.jobs.map(({ name, id }) => ({ name, id }))
    return { verdict: { outcome, jobs }, isTraced }
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
