import { type Random, seededRandom } from '../faults/random.ts'
import {
  anyPayload,
  hubotPayload,
  largePayload,
  type Payload,
  slackPayload,
  webhookPayload,
} from './bodies.ts'
import { bytesOf, type Case, type Message } from './case.ts'
import { guidOf } from './guid.ts'
import type { ProbedRoute } from './probe.ts'
import { type Header, hubotHeaders, type Secrets, slackHeaders, webhookHeaders } from './secrets.ts'
import { targetOf, twistTarget } from './targets.ts'
import { twistBytes } from './twist-bytes.ts'
import { twistHeaders } from './twist-headers.ts'

export interface CaseTools {
  seed: number
  routes: readonly ProbedRoute[]
  secrets: Secrets
  /** One of so many requests is of the largest. */
  largeEvery: number
}

/** A request is a whole, so that it is told again by its number: it has its own chance, of the seed and the number. */
export function makeCase(index: number, tools: CaseTools): Case {
  const random = seededRandom((Math.imul(tools.seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0)
  const plain = { pauseMs: 0, expects: 'all', ending: 'wait' } as const
  if (index % tools.largeEvery === tools.largeEvery - 1) {
    const message = webhookMessage(random, tools, index, largePayload(random))
    // What is too large is refused while it is still being sent.
    return { ...plain, kind: 'large', pieces: [bytesOf(message)], heads: [false], expects: 'anything' }
  }
  const choice = random.whole(0, 100)
  if (choice < 52) return oneOf('whole', [twisted(random, aMessage(random, tools, index))], plain)
  if (choice < 60) return pipelined(random, tools, index)
  const message = twisted(random, aMessage(random, tools, index))
  if (choice < 84) {
    const ending = random.pick(['wait', 'close', 'break'] as const)
    const pieces = [twistBytes(random, message)]
    // What is not understood may be waited for: half of it is closed, so that nobody waits for long.
    return {
      ...plain,
      kind: 'no HTTP',
      pieces,
      heads: [],
      expects: 'anything',
      ending: ending === 'wait' ? 'close' : ending,
    }
  }
  if (choice < 93) {
    const bytes = bytesOf(message)
    const pieces = [bytes.subarray(0, random.whole(0, bytes.length))]
    return {
      ...plain,
      kind: 'cut off',
      pieces,
      heads: [],
      expects: 'anything',
      ending: random.pick(['close', 'break']),
    }
  }
  return inPieces(random, message)
}

type Plain = Pick<Case, 'pauseMs' | 'expects' | 'ending'>

function oneOf(kind: string, messages: Message[], plain: Plain): Case {
  const heads = messages.map(({ method }) => method === 'HEAD')
  return { ...plain, kind, pieces: [Buffer.concat(messages.map(bytesOf))], heads }
}

function pipelined(random: Random, tools: CaseTools, index: number): Case {
  const messages = Array.from({ length: random.whole(2, 12) }, () => aMessage(random, tools, index))
  const heads = messages.map(({ method }) => method === 'HEAD')
  const bytes = messages.map((message) => bytesOf(message))
  // One that closes the connection, or whose answer has no end, is the last.
  return {
    kind: 'pipelined',
    pieces: [Buffer.concat(bytes)],
    heads,
    pauseMs: 0,
    expects: 'anything',
    ending: 'close',
  }
}

function inPieces(random: Random, message: Message): Case {
  const bytes = bytesOf(message)
  const size = Math.max(1, Math.ceil(bytes.length / random.whole(2, 6)))
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  )
  return {
    kind: 'in pieces',
    pieces,
    heads: [message.method === 'HEAD'],
    pauseMs: random.whole(1, 30),
    expects: 'all',
    ending: 'wait',
  }
}

function twisted(random: Random, message: Message): Message {
  const times = random.pick([0, 0, 1, 1, 2, 3])
  return Array.from({ length: times }).reduce<Message>(
    (changed) => (random.whole(0, 4) === 0 ? twistMethod(random, changed) : twistHeaders(random, changed)),
    message,
  )
}

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'PURGE',
]

function twistMethod(random: Random, message: Message): Message {
  if (random.whole(0, 2) === 0) return { ...message, method: random.pick(methods) }
  return { ...message, target: asTarget(twistTarget(random, message.target)) }
}

/** Nothing that would end the line. */
function asTarget(text: string): string {
  const target = text.replaceAll(/[^\x21-\xff]/g, '')
  return target === '' ? '/' : target
}

function aMessage(random: Random, tools: CaseTools, index: number): Message {
  const choice = random.whole(0, 10)
  if (choice < 4) return webhookMessage(random, tools, index, webhookPayload(random))
  const { method, url } = random.pick(tools.routes)
  const target = asTarget(targetOf(random, url))
  const { slack, hubot } = tools.secrets
  if (url.startsWith('/slack')) {
    const payload = slackPayload(random)
    return message('POST', target, slackHeaders(slack, payload.body, Date.now()), payload, random)
  }
  if (url.startsWith('/hubot')) {
    const payload = hubotPayload(random)
    return message('POST', target, hubotHeaders(hubot, payload.body, Date.now()), payload, random)
  }
  const isWithout = method === 'GET' || method === 'HEAD' || random.whole(0, 6) === 0
  const payload = isWithout ? undefined : anyPayload(random)
  return message(method, target, who(random, tools.secrets, method), payload, random)
}

function webhookMessage(random: Random, { secrets }: CaseTools, index: number, payload: Payload): Message {
  const isSigned = random.whole(0, 3) > 0
  const wrong = random.whole(0, 2) === 0 ? [] : webhookHeaders('another secret', payload.body)
  const headers: Header[] = [
    ['X-GitHub-Event', payload.event],
    ['X-GitHub-Delivery', guidOf(isSigned, index)],
    ...(isSigned ? webhookHeaders(secrets.webhook, payload.body) : wrong),
  ]
  return message('POST', '/event_handler', headers, payload, random)
}

/** An admin only looks: what one does is meant to be done. */
function who(random: Random, { admin, viewer }: Secrets, method: string): Header[] {
  const looks = method === 'GET' || method === 'HEAD'
  const token = random.pick([viewer, viewer, looks ? admin : viewer, ''])
  return token === '' ? [] : [['Authorization', `Bearer ${token}`]]
}

function message(
  method: string,
  target: string,
  own: Header[],
  payload: Payload | undefined,
  random: Random,
): Message {
  const headers: Header[] = [['Host', '127.0.0.1'], ['User-Agent', 'fuzz'], ...own]
  if (payload === undefined)
    return { method, target, version: 'HTTP/1.1', headers, body: Buffer.alloc(0), framing: 'none' }
  headers.push(['Content-Type', payload.type])
  const framing = random.whole(0, 6) === 0 ? 'chunked' : 'length'
  return { method, target, version: 'HTTP/1.1', headers, body: payload.body, framing }
}
