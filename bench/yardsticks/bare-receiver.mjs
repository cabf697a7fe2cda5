// What a receiver needs at least to start: Fastify that listens, and a queue whose Redis has answered.
import { Queue } from 'bullmq'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { port, redisUrl } from './environment.mjs'

const queue = new Queue('events', { connection: new Redis(redisUrl), prefix: 'yardstick' })
const app = Fastify()
app.get('/healthz', async () => ({ status: 'ok' }))
await queue.waitUntilReady()
await app.listen({ port, host: '127.0.0.1' })
