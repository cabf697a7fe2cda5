import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Random } from '../faults/random.ts'
import { mutateBytes, mutateJson } from './mutate.ts'
import { oddJson, oddText } from './odd-values.ts'
import { nowhere } from './receiver-process.ts'

const mebibyte = 1024 * 1024

/** What GitHub sends at most. */
export const mostBytes = 25 * mebibyte

export const json = 'application/json'
export const form = 'application/x-www-form-urlencoded'

export interface Payload {
  event: string
  body: Buffer
  type: string
}

interface Example {
  name: string
  examples: unknown[]
}

const require = createRequire(import.meta.url)
const published = readFileSync(
  require.resolve('@octokit/webhooks-examples/api.github.com/index.json'),
  'utf8',
)

/** GitHub's real payloads, an entry an event, as the receiver's own GitHub would send them. */
const examples = JSON.parse(published.replaceAll('https://github.com/', `${nowhere}/`)) as Example[]

/** Those of which something comes. */
const handled = examples.filter(({ name }) =>
  /^(ping|pull_request|pull_request_review|push|deployment|deployment_status|status|check_\w+|workflow_run|issue_comment)$/.test(
    name,
  ),
)

/** Those that make jobs. */
const fruitful: [event: string, payload: unknown][] = handled.flatMap(({ name, examples: all }) =>
  all.filter(isFruitful).map((payload): [string, unknown] => [name, payload]),
)

function isFruitful(payload: unknown): boolean {
  const { action, deployment, pull_request: pull } = payload as Record<string, unknown>
  return deployment !== undefined || (pull !== undefined && ['closed', 'opened'].includes(String(action)))
}

/** The same of something else: what it asks for has been asked for by nobody yet. */
function another(random: Random, payload: unknown): unknown {
  const { action, pull_request: pull, deployment } = payload as Record<string, unknown>
  const id = random.whole(1, 1e9)
  return {
    ...(payload as object),
    ...(typeof pull === 'object' && { pull_request: { ...pull, number: id, merged: action === 'closed' } }),
    ...(typeof deployment === 'object' && { deployment: { ...deployment, id } }),
  }
}

/** A body as a sender of webhooks, or somebody who would like to be one, makes it. */
export function webhookPayload(random: Random): Payload {
  const { name, examples: all } = random.pick(random.whole(0, 5) > 0 ? handled : examples)
  const [event, example] = random.whole(0, 3) === 0 ? random.pick(fruitful) : [name, random.pick(all)]
  const payload = another(random, example)
  const choice = random.whole(0, 20)
  const text =
    choice < 4 ? JSON.stringify(payload) : choice < 15 ? mutateJson(random, payload) : oddJson(random)
  const bytes = random.whole(0, 8) === 0 ? mutateBytes(random, Buffer.from(text)) : Buffer.from(text)
  if (random.whole(0, 4) > 0) return { event, body: bytes, type: json }
  return { event, body: formOf(random, bytes.toString('latin1')), type: form }
}

/** The largest, and what is just too large. A mebibyte of text, or as deep as it is long. */
export function largePayload(random: Random): Payload {
  const length = mostBytes + random.pick([-1, -1, 0, 1, 4096])
  const filler = random.pick(['a', '[', ' ', '{"a":', '\\u0000', '0'])
  const body = Buffer.alloc(length, filler)
  if (random.whole(0, 2) === 0) body.write('{"action":"', 0)
  return { event: random.pick(['push', 'pull_request', 'star']), body, type: random.pick([json, form]) }
}

function formOf(random: Random, payload: string): Buffer {
  const field = `payload=${encodeURIComponent(payload)}`
  const forms = [
    () => field,
    () => field,
    () => `${field}&${field}`,
    () => `${'a=1&'.repeat(random.whole(1, 20_000))}${field}`,
    () => field.replaceAll('%22', random.pick(['%2', '%zz', '%ff', '+', '%00', '&'])),
    () => `payload[]=${encodeURIComponent(payload)}&__proto__[x]=1&payload`,
    () => `${'&'.repeat(random.whole(1, 20_000))}`,
  ]
  return Buffer.from(random.pick(forms)(), 'latin1')
}

/** What Slack sends, more or less. */
export function slackPayload(random: Random): Payload {
  const press = {
    type: 'block_actions',
    user: { id: 'U1' },
    trigger_id: 'x',
    response_url: 'http://127.0.0.1:9/',
  }
  const actions = [{ action_id: oddText(random).slice(0, 80), value: oddText(random).slice(0, 80) }]
  const fields = new URLSearchParams({
    ...{
      command: '/deploy',
      text: oddText(random),
      user_id: 'U1',
      trigger_id: 't',
      response_url: 'http://127.0.0.1:9/',
    },
    payload: random.whole(0, 2) === 0 ? mutateJson(random, { ...press, actions }) : oddJson(random),
  })
  if (random.whole(0, 3) === 0) fields.delete(random.pick([...fields.keys()]))
  return { event: '', body: maybeMutated(random, Buffer.from(fields.toString())), type: form }
}

/** What Hubot's script sends, more or less. */
export function hubotPayload(random: Random): Payload {
  const name = random.pick(['deploy', 'lock', 'status', 'why', 'deployments', 'environments', 'approve'])
  const asked = {
    ...{
      id: `fuzz-${random.whole(0, 1e9)}-${'x'.repeat(12)}`,
      robot: 'hubot',
      adapter: 'shell',
      room: 'ops',
    },
    user: { id: '1', name: 'octocat' },
    command: { name, repository: 'acme/shop', environment: 'production', reason: 'x', deployment: 1 },
  }
  return { event: '', body: maybeMutated(random, Buffer.from(mutateJson(random, asked))), type: json }
}

/** What the API, forms and those who were called are sent, more or less. */
export function anyPayload(random: Random): Payload {
  const value = () => oddText(random).slice(0, 2000)
  const fields = {
    ...{ repository: 'acme/shop', ref: value(), environment: value(), reason: value(), until: value() },
    ...{
      name: value(),
      role: 'viewer',
      repositories: ['acme/*'],
      expires: '1h',
      password: value(),
      to: value(),
    },
    ...{
      state: 'success',
      description: value(),
      log: value(),
      verdict: 'approve',
      note: value(),
      _csrf: value(),
    },
  }
  const names = random.shuffle(Object.keys(fields)).slice(0, random.whole(0, 6))
  const some = Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))
  if (random.whole(0, 2) === 0) {
    const body = Buffer.from(random.whole(0, 3) === 0 ? JSON.stringify(some) : mutateJson(random, some))
    return { event: '', body: maybeMutated(random, body), type: json }
  }
  const text = new URLSearchParams(
    Object.entries(some).map(([name, text]) => [name, String(text)]),
  ).toString()
  const many = random.whole(0, 10) === 0 ? 'a=1&'.repeat(random.whole(1, 20_000)) : ''
  return { event: '', body: maybeMutated(random, Buffer.from(`${many}${text}`)), type: form }
}

function maybeMutated(random: Random, bytes: Buffer): Buffer {
  return random.whole(0, 5) === 0 ? mutateBytes(random, bytes) : bytes
}
