import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorAnswer } from '../answer-error.ts'
import { BadRequest } from '../bad-request.ts'
import type { Rules, RulesInForce } from '../config/rules.ts'
import { type Arrival, type AskedJob, readSubject } from '../deliveries/arrival.ts'
import type { LeaveTrace } from '../deliveries/leave-trace.ts'
import { decide } from '../events/decide.ts'
import type { Enqueue } from '../jobs/enqueue.ts'
import type { JobRequest } from '../jobs/job.ts'
import type { ReceiverMetrics } from '../metrics/receiver-metrics.ts'
import { within } from '../within.ts'
import { readBody } from './body.ts'
import { foreignHost, foreignReason, type OwnHost, ownHost } from './foreign-host.ts'
import { webhookSchema } from './schema.ts'
import { isSigned } from './signature.ts'
import { Unavailable } from './unavailable.ts'

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
  /** Where people see repositories: deliveries from elsewhere are ignored. */
  githubUrl: string
  /** Is told of each delivery that was answered. */
  observe: ReceiverMetrics['delivery']
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
  { secrets, enqueue, leaveTrace, rules, githubUrl, observe }: WebhookDependencies,
) {
  const own = ownHost(githubUrl)
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
    const refusal = signatureRefusal(request, body, secrets)
    const tookMs = () => performance.now() - beganAt
    if (refusal) {
      observe('', 'unauthorized', tookMs())
      return unauthorized(reply, refusal)
    }

    const { payload, verdict } = await judge(request, body, enqueue, rules.current, own)
    const leftMs = answerLimitMs - tookMs()
    await leaveTrace(arrivalOf(request, payload, verdict), Math.min(traceLimitMs, leftMs))
    observe(headerOf(request, 'X-GitHub-Event'), verdict.outcome, tookMs())
    return answer(reply, headerOf(request, 'X-GitHub-Delivery'), verdict)
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
  return reply.code(401).send(errorAnswer(401, message))
}

/** Reads a delivery, decides on it and queues what it asks for. */
async function judge(
  request: FastifyRequest,
  body: Buffer,
  enqueue: Enqueue,
  rules: Rules,
  own: OwnHost,
): Promise<{ payload?: unknown; verdict: Verdict }> {
  let payload: unknown
  try {
    const event = requiredHeader(request, 'X-GitHub-Event')
    const delivery = requiredHeader(request, 'X-GitHub-Delivery')
    if (!guid.test(delivery)) throw new BadRequest('The header X-GitHub-Delivery is not a GUID.')
    payload = readBody(body, request.headers['content-type'] ?? '')
    const foreign = foreignHost(request.headers, payload, own)
    if (foreign !== undefined) {
      // Without the payload: its repository's id is another's here.
      return { verdict: { outcome: 'ignored', reason: foreignReason(foreign, own) } }
    }
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
