import type { FastifyInstance } from 'fastify'
import { messageOf } from './errors.ts'
import type { RedisHealth } from './redis-health.ts'
import { version } from './version.ts'
import { within } from './within.ts'

const redisLimitMs = 1900

/** `GET /healthz`: this process runs. `GET /readyz`: it can do its work, for which it needs Redis. */
export async function healthRoutes(
  app: FastifyInstance,
  { inspectRedis }: { inspectRedis: () => Promise<RedisHealth> },
) {
  app.get('/healthz', { config: { role: 'anybody' } }, async () => ({ status: 'ok', version }))

  app.get('/readyz', { config: { role: 'anybody' } }, async (_request, reply) => {
    try {
      const redis = await within(redisLimitMs, inspectRedis(), 'It does not answer.')
      return { status: 'ready', version, redis }
    } catch (error) {
      const message = `Redis cannot be used: ${messageOf(error)}`
      return reply.code(503).send({ statusCode: 503, error: 'Service Unavailable', message })
    }
  })
}
