import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Attempts, openAttempts } from '../../access/attempts.ts'
import { addressOf } from '../../access/caller-address.ts'
import { openBodyBudget, shortSizes } from '../../bodies/budget.ts'
import { bytesOf, createReadBytes } from '../../bodies/read-bytes.ts'
import type { Reply } from '../../commands/command.ts'
import { Refusal } from '../../errors/refusal.ts'
import type { Redis } from '../../redis/redis.ts'
import { type Answered, openAnswered } from './answered.ts'
import { doRequest, type HubotTools } from './do-request.ts'
import { type HubotRequest, hubotRequestSchema, readHubotRequest } from './request.ts'
import { whyNotSigned } from './signature.ts'

export interface HubotDependencies extends HubotTools {
  /** All that are taken; empty: Hubot is not listened to. */
  secrets: readonly string[]
  redis: Redis
  /** Of the keys in Redis: `prefix` would be the path's. */
  keyPrefix: string
}

const bodyLimit = 64 * 1024
/** So many wrong signatures are answered in a quarter of an hour; a right one always is. */
const mostWrong = 30

const schema = {
  operationId: 'takeHubotCommand',
  tags: ['machines'],
  summary: 'Does what somebody asks for through Hubot',
  description:
    'For the script in integrations/hubot/. Signed: `X-Livraison-Signature-256` is `sha256=` and the HMAC-SHA256 of `X-Livraison-Timestamp` (seconds), a dot and the raw body, with the secret.',
  refusals: [401, 403, 409, 413, 429, 503],
  documented: {
    body: hubotRequestSchema,
    response: {
      200: z.object({
        outcome: z.enum(['done', 'refused']),
        text: z.string().meta({ description: 'What happened, or why not' }),
        lines: z.array(z.string()).meta({ description: 'More of it, a line each' }),
      }),
    },
  },
}

/** `POST /hubot/commands`: what is signed is done as any other command, and only once, however often it is sent. */
export async function hubotRoute(app: FastifyInstance, dependencies: HubotDependencies) {
  const { secrets, redis, keyPrefix } = dependencies
  const attempts = openAttempts(redis, keyPrefix, 'hubot', mostWrong)
  const answered = openAnswered(redis, keyPrefix)
  // What is signed are the bytes.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', createReadBytes(bodyLimit, openBodyBudget(shortSizes)))

  app.post('/hubot/commands', { bodyLimit, config: { role: 'anybody' }, schema }, async (request, reply) => {
    if (secrets.length === 0) throw closed()
    const body = bytesOf(request)
    await refuseUnlessSigned(request, body, secrets, attempts)
    const asked = readHubotRequest(body)
    const { outcome, text, lines = [] } = await once(asked, answered, () => doRequest(asked, dependencies))
    request.log.info(
      { user: asked.user.name, room: asked.room, command: asked.command.name, outcome },
      'was asked for something through Hubot',
    )
    reply.header('Cache-Control', 'no-store')
    return { outcome, text, lines }
  })
}

/** @throws {Refusal} 401, or 429 to whoever tries out secrets */
async function refuseUnlessSigned(
  request: FastifyRequest,
  body: Buffer,
  secrets: readonly string[],
  attempts: Attempts,
): Promise<void> {
  const timestamp = request.headers['x-livraison-timestamp']
  const signature = request.headers['x-livraison-signature-256']
  const unsigned = whyNotSigned({ body, timestamp, signature }, secrets, Date.now())
  if (unsigned === undefined) return
  const blockedMs = unsigned.isGuess ? await attempts.count(addressOf(request)) : 0
  if (blockedMs === 0) throw new Refusal(401, unsigned.why)
  const retryAfterSeconds = Math.ceil(blockedMs / 1000)
  throw new Refusal(429, 'Too many wrong signatures came from this address.', { retryAfterSeconds })
}

/** @throws {Refusal} 409 while the same request is being done */
async function once({ id }: HubotRequest, answered: Answered, perform: () => Promise<Reply>): Promise<Reply> {
  const before = await answered.begin(id)
  if (before === 'doing') throw new Refusal(409, 'This is being done.', { retryAfterSeconds: 2 })
  if (before !== 'new') return before
  try {
    const reply = await perform()
    await answered.end(id, reply)
    return reply
  } catch (error) {
    await answered.forget(id).catch(() => {})
    throw error
  }
}

function closed(): Refusal {
  return new Refusal(
    403,
    'Hubot is not listened to: set HUBOT_SECRET to a long random text (openssl rand -hex 32), give the same to Hubot as HUBOT_LIVRAISON_SECRET, and restart the receiver.',
  )
}
