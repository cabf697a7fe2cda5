import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { messageOf } from './errors/errors.ts'
import { Refusal } from './errors/refusal.ts'
import type { RedisHealth } from './redis/health.ts'
import { version } from './version.ts'
import { within } from './within.ts'

const redisLimitMs = 1900

const config = { role: 'anybody' } as const

const alive = {
  operationId: 'getHealth',
  tags: ['machines'],
  summary: 'Whether this process runs',
  documented: { response: { 200: z.object({ status: z.literal('ok'), version: z.string() }) } },
}

const ready = {
  operationId: 'getReadiness',
  tags: ['machines'],
  summary: 'Whether it can do its work, for which it needs Redis',
  refusals: [503],
  documented: {
    response: {
      200: z.object({
        status: z.literal('ready'),
        version: z.string(),
        redis: z.object({
          version: z.string(),
          persistence: z.enum(['append-only file', 'snapshots only']),
          maxmemoryPolicy: z.string(),
          warnings: z.array(z.string()).meta({ description: 'What should be changed about it' }),
        }),
      }),
    },
  },
}

/** `GET /healthz`: this process runs. `GET /readyz`: it can do its work, for which it needs Redis. */
export async function healthRoutes(
  app: FastifyInstance,
  { inspectRedis }: { inspectRedis: () => Promise<RedisHealth> },
) {
  app.get('/healthz', { config, schema: alive }, async () => ({ status: 'ok', version }))

  app.get('/readyz', { config, schema: ready }, async () => {
    try {
      const redis = await within(redisLimitMs, inspectRedis(), 'It does not answer.')
      return { status: 'ready', version, redis }
    } catch (error) {
      throw new Refusal(503, `Redis cannot be used: ${messageOf(error)}`)
    }
  })
}
