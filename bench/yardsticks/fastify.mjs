// (b) Fastify with the same as the floor, and nothing stored.
import Fastify from 'fastify'
import { path, port, secret } from './environment.mjs'
import { createCheck, jsonTextOf } from './webhook.mjs'

const isSigned = createCheck(secret)
const app = Fastify()
app.removeAllContentTypeParsers()
app.addContentTypeParser(
  ['application/json', 'application/x-www-form-urlencoded'],
  { parseAs: 'buffer' },
  (_request, body, done) => done(null, body),
)
app.post(path, async (request, reply) => {
  const body = /** @type {Buffer} */ (request.body)
  if (!isSigned(body, String(request.headers['x-hub-signature-256'] ?? ''))) return reply.code(401).send()
  JSON.parse(jsonTextOf(body, request.headers['content-type']))
  return reply.code(202).send({ outcome: 'queued' })
})
await app.listen({ port, host: '127.0.0.1' })
