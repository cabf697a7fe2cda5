/*
 * Something that deploys, for the request executor to call: it runs one command on the machine it is on.
 *
 *   node hook-receiver.js --port 8787 --token-file token -- ./deploy.sh
 *
 * POST /deployments {"sha", "environment", ...}   202 {"id"}; the command gets the sha and the environment as arguments
 * GET  /deployments/ID                            {"status": "running" | "succeeded" | "failed", "output"}
 *
 * With a "callback_url" in the body, it tells there how it went.
 */
import { execFile } from 'node:child_process'
import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '8787' },
    'token-file': { type: 'string', default: 'token' },
  },
})
const [command, ...given] = positionals
if (!command) throw new Error('Say after -- which command deploys.')
const token = readFileSync(values['token-file'], 'utf8').trim()
if (token.length < 16) throw new Error('The token is too short: at least 16 characters.')

/** By idempotency key: the same deployment that is asked for again is the same, and runs once. */
const deployments = new Map()
const kept = 100

const server = createServer((request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  if (!isKnown(request.headers.authorization)) return answer(401, { message: 'The token is wrong.' })
  const [, path, id] = request.url.split('/')
  if (path !== 'deployments') return answer(404, { message: 'There are only /deployments.' })
  if (request.method === 'GET' && id) {
    const found = deployments.get(id)
    return found ? answer(200, found) : answer(404, { message: 'There is no such deployment.' })
  }
  if (request.method !== 'POST') return answer(405, { message: 'POST a deployment, or GET one.' })
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (piece) => {
    text += piece
    if (text.length > 65_536) request.destroy()
  })
  request.on('end', () => {
    const key = /^[\w-]{1,100}$/.exec(request.headers['idempotency-key'] ?? '')?.[0]
    const facts = read(text)
    if (!key || !facts)
      return answer(422, { message: 'It needs an Idempotency-Key, a sha and an environment.' })
    if (!deployments.has(key)) start(key, facts)
    answer(202, { id: key })
  })
})

function isKnown(authorization = '') {
  const [is, must] = [authorization, `Bearer ${token}`].map((text) =>
    createHash('sha256').update(text).digest(),
  )
  return timingSafeEqual(is, must)
}

function read(text) {
  try {
    const { sha, environment, callback_url: callback } = JSON.parse(text)
    // They become arguments: none may look like an option.
    const good = /^[0-9a-f]{40,64}$/.test(sha) && /^\w[\w./ -]{0,254}$/.test(environment)
    if (callback !== undefined && !/^https?:/.test(callback)) return undefined
    return good ? { sha, environment, callback } : undefined
  } catch {
    return undefined
  }
}

function start(key, { sha, environment, callback }) {
  const deployment = { id: key, status: 'running', output: '' }
  deployments.set(key, deployment)
  if (deployments.size > kept) deployments.delete(deployments.keys().next().value)
  execFile(command, [...given, sha, environment], (error, stdout, stderr) => {
    deployment.status = error ? 'failed' : 'succeeded'
    deployment.output = `${stdout}${stderr}`.slice(-2000)
    if (callback) tell(callback, { state: error ? 'failure' : 'success', log: deployment.output })
  })
}

/** Tells how it went, again and again while nobody can take it: for a quarter of an hour. */
async function tell(url, outcome) {
  for (let attempt = 0; attempt < 180; attempt++) {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(outcome) }).catch(() => undefined)
    if (answer && answer.status < 500 && answer.status !== 429) return
    await sleep(5000)
  }
}

server.listen(Number(values.port), values.host, () => {
  process.stdout.write(`listening on http://${values.host}:${server.address().port}\n`)
})
