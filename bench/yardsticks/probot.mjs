// (d) Probot with a handler that does nothing, so that nothing is stored; with PROBOT_QUEUES=1 it queues the payload.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { createNodeMiddleware, createProbot } from 'probot'
import { path, port, redisUrl, secret } from './environment.mjs'

const queue =
  process.env.PROBOT_QUEUES === '1'
    ? new Queue('events', { connection: new Redis(redisUrl), prefix: 'yardstick' })
    : undefined

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const probot = createProbot({ overrides: { appId: 1, privateKey, secret, logLevel: 'warn' } })

/** @param {import('probot').Probot} app */
const application = (app) => {
  app.on(['pull_request.closed', 'deployment.created', 'deployment_status.created'], async (context) => {
    await queue?.add(context.name, context.payload)
  })
}

const middleware = await createNodeMiddleware(application, { probot, webhooksPath: path })
createServer((request, response) => {
  middleware(request, response, () => response.writeHead(404).end())
}).listen(port, '127.0.0.1')
