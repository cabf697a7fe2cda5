// (a) The floor: node:http, HMAC, JSON.parse, and nothing stored.
import { createServer } from 'node:http'
import { port, secret } from './environment.mjs'
import { createCheck, jsonTextOf } from './webhook.mjs'

const isSigned = createCheck(secret)

createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    if (!isSigned(body, String(request.headers['x-hub-signature-256'] ?? ''))) {
      return response.writeHead(401).end()
    }
    JSON.parse(jsonTextOf(body, request.headers['content-type']))
    const answer = '{"outcome":"queued"}'
    response.writeHead(202, { 'content-type': 'application/json', 'content-length': answer.length })
    response.end(answer)
  })
}).listen(port, '127.0.0.1')
