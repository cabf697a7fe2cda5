// A GitHub for the benchmark: answers what a deployment asks, at once, and notes when it was asked.
//   GET  /bench/calls     what was asked since the last reset, as JSON
//   GET  /bench/finals    how many deployments have a final status
//   POST /bench/reset     forgets all that
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

/**
 * @typedef {object} Call
 * @property {string} what method and path, numbers left out
 * @property {number} deployment 0 where the path names none
 * @property {string} state of the status that was written, or ''
 * @property {string} description
 * @property {number} at when it came, in ms of the machine's monotonic clock
 * @property {number} tookMs until the answer was written
 */

const finalStates = new Set(['success', 'failure', 'error', 'inactive'])
const { deployment: exampleDeployment, deployment_status: exampleStatus } = readExample()
/** @type {Call[]} */
let calls = []
let finals = 0
/** @type {Set<import('node:net').Socket>} */
let sockets = new Set()

const server = createServer((request, response) => {
  const at = now()
  let text = ''
  request.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  request.on('end', () => {
    const { method = '', url = '' } = request
    const isControl = url.startsWith('/bench/')
    if (!isControl) sockets.add(request.socket)
    const [status, body] = isControl ? control(url) : answer(method, url, text, at)
    const json = JSON.stringify(body)
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(json) }).end(json)
    const call = calls.at(-1)
    if (call?.at === at) call.tookMs = now() - at
  })
})
// It ends no connection by itself: what looks for a client's own mistakes must not find these.
server.keepAliveTimeout = 0
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1')

const headers = {
  'content-type': 'application/json; charset=utf-8',
  'x-ratelimit-limit': '5000000',
  'x-ratelimit-remaining': '4999999',
  'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
}

/** The clock that all processes of this machine share. */
function now() {
  return Number(process.hrtime.bigint()) / 1e6
}

/**
 * @param {string} method
 * @param {string} url
 * @param {string} text
 * @param {number} at
 * @returns {[number, unknown]}
 */
function answer(method, url, text, at) {
  const path = url.replace(/\?.*/, '')
  const isStatuses = path.endsWith('/statuses')
  const deployment = Number(/\/deployments\/(\d+)/.exec(path)?.[1] ?? 0)
  const written = method === 'POST' && isStatuses ? JSON.parse(text) : {}
  const { state = '', description = '' } = written
  calls.push({
    what: `${method} ${path.replaceAll(/\d+/g, ':id')}`,
    deployment,
    state,
    description,
    at,
    tookMs: 0,
  })
  if (finalStates.has(state)) finals += 1
  if (method === 'GET') return isStatuses && deployment > 0 ? [200, []] : [404, { message: 'Not Found' }]
  if (isStatuses) return [201, { ...exampleStatus, state, description }]
  return [201, exampleDeployment]
}

/**
 * @param {string} url
 * @returns {[number, unknown]}
 */
function control(url) {
  if (url === '/bench/finals') return [200, { finals }]
  if (url === '/bench/calls') return [200, { calls, connections: sockets.size }]
  calls = []
  finals = 0
  sockets = new Set()
  return [200, {}]
}

/** What GitHub's answers look like: theirs are of this size. */
function readExample() {
  const require = createRequire(import.meta.url)
  /** @type {{ name: string, examples: { deployment: object, deployment_status: object }[] }[]} */
  const events = require('@octokit/webhooks-examples/api.github.com/index.json')
  const found = events.find(({ name }) => name === 'deployment_status')?.examples[0]
  if (!found) throw new Error('There is no example of a deployment_status.')
  return found
}
