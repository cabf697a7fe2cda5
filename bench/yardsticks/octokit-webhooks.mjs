// (c) What is usually written: Fastify, @octokit/webhooks to check the signature, BullMQ with the whole payload as data.
import { Webhooks } from '@octokit/webhooks'
import { Queue } from 'bullmq'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { path, port, redisUrl, secret } from './environment.mjs'
import { jsonTextOf } from './webhook.mjs'

const webhooks = new Webhooks({ secret })
const queue = new Queue('events', { connection: new Redis(redisUrl), prefix: 'yardstick' })
const app = Fastify()
app.removeAllContentTypeParsers()
app.addContentTypeParser(
  ['application/json', 'application/x-www-form-urlencoded'],
  { parseAs: 'buffer' },
  (_request, body, done) => done(null, body),
)
app.post(path, async (request, reply) => {
  const body = /** @type {Buffer} */ (request.body)
  const signature = String(request.headers['x-hub-signature-256'] ?? '')
  if (!(await webhooks.verify(body.toString('utf8'), signature))) return reply.code(401).send()
  const payload = JSON.parse(jsonTextOf(body, request.headers['content-type']))
  await queue.add(String(request.headers['x-github-event']), payload)
  return reply.code(202).send({ outcome: 'queued' })
})
await app.listen({ port, host: '127.0.0.1' })
