import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Attempts, openAttempts } from '../../access/attempts.ts'
import { addressOf } from '../../access/caller-address.ts'
import { openBodyBudget, shortSizes } from '../../bodies/budget.ts'
import { bytesOf, createReadBytes } from '../../bodies/read-bytes.ts'
import { Refusal } from '../../errors/refusal.ts'
import type { Redis } from '../../redis/redis.ts'
import { readCommand, readPress, type SlackRequest } from './requests.ts'
import { judgeSignature } from './signature.ts'
import type { Slack } from './slack.ts'

/** Slack's own are a few kilobytes; that of a button has the message that it is below. */
const bodyLimit = 512 * 1024

/** A secret that was just changed makes some; a sender of more is told so without a look at Redis's clock each time. */
const mostWrong = 100

const description =
  "The signature is over the raw body, and nothing is read before it is checked. It is answered at once, and what came of it at the request's own `response_url`."

const schemaOf = (operationId: string, summary: string, body: z.ZodType) => ({
  ...{ operationId, tags: ['machines'], summary, description },
  consumes: ['application/x-www-form-urlencoded'],
  refusals: [401, 403, 413, 429, 503],
  documented: {
    headers: z.object({
      'X-Slack-Request-Timestamp': z.string().meta({ description: 'Seconds since 1970' }),
      'X-Slack-Signature': z.string().meta({ description: '`v0=` and the HMAC of the body, in hex' }),
    }),
    body,
    response: {
      200: z
        .looseObject({})
        .meta({ description: 'What is said at once; nothing, if there is nothing to say yet' }),
    },
  },
})

export interface SlackRouteOptions {
  slack: Slack
  /** None: the routes are closed. */
  signingSecrets: readonly string[]
  redis: Redis
  /** Of the keys in Redis: Fastify takes `prefix` for that of the addresses. */
  keyPrefix: string
}

/** `POST /slack/commands` and `POST /slack/interactions`: what people ask for in Slack. */
export async function slackRoutes(app: FastifyInstance, options: SlackRouteOptions) {
  const { slack, signingSecrets, redis, keyPrefix } = options
  const attempts = openAttempts(redis, keyPrefix, 'slack', mostWrong)
  // The signature is over the raw bytes: nothing may be parsed, or even decoded, before it is checked.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', createReadBytes(bodyLimit, openBodyBudget(shortSizes)))

  const answer = async (
    request: FastifyRequest,
    read: (form: URLSearchParams) => SlackRequest | undefined,
  ) => {
    const body = bytesOf(request)
    if (signingSecrets.length === 0) throw closed()
    // Slack tries the certificate with it. Nothing is done for it, so it need not be signed.
    if (/(^|&)ssl_check=1(&|$)/.test(body.toString('latin1'))) return undefined
    await refuseUnlessSigned(request, body, signingSecrets, attempts)
    const asked = read(new URLSearchParams(body.toString('utf8')))
    return asked && slack.take(asked)
  }

  app.post(
    '/slack/commands',
    {
      bodyLimit,
      config: { role: 'anybody' },
      schema: schemaOf(
        'takeSlackCommand',
        'Takes a slash command of Slack',
        z.looseObject({ command: z.string() }),
      ),
    },
    async (request, reply) =>
      reply.send(await answer(request, (form) => readCommand(Object.fromEntries(form)))),
  )
  app.post(
    '/slack/interactions',
    {
      bodyLimit,
      config: { role: 'anybody' },
      schema: schemaOf(
        'takeSlackInteraction',
        'Takes the press of a button in Slack',
        z.looseObject({ payload: z.string() }),
      ),
    },
    async (request, reply) => {
      // What is answered here would not be shown: it goes to the request's address.
      await answer(request, (form) => readPress(parseJson(form.get('payload') ?? '')))
      return reply.send()
    },
  )
}

async function refuseUnlessSigned(
  request: FastifyRequest,
  body: Buffer,
  secrets: readonly string[],
  attempts: Attempts,
): Promise<void> {
  const timestamp = headerOf(request, 'x-slack-request-timestamp')
  const signature = headerOf(request, 'x-slack-signature')
  const judged = judgeSignature({ body, timestamp, signature }, secrets, Date.now())
  if (judged === 'good') return
  const blockedMs = await attempts.count(addressOf(request)).catch(() => 0)
  if (blockedMs > 0) {
    const retryAfterSeconds = Math.ceil(blockedMs / 1000)
    throw new Refusal(429, 'From this address, too many requests came that Slack has not signed.', {
      retryAfterSeconds,
    })
  }
  request.log.warn({ judged }, 'a request that Slack is said to have sent is refused')
  throw new Refusal(401, words[judged])
}

const words = {
  absent: 'There is no X-Slack-Signature: only Slack may ask for something here.',
  old: 'This is more than five minutes old, or the clock of this machine is wrong.',
  wrong:
    "The signature is wrong: SLACK_SIGNING_SECRET is not the signing secret of the Slack app's Basic Information.",
} as const

function closed(): Refusal {
  return new Refusal(
    403,
    "Slack commands are closed: set SLACK_SIGNING_SECRET to the signing secret of the Slack app's Basic Information and restart the receiver.",
  )
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
