import { version } from '../../../src/version.ts'
import type { Run } from '../executor.ts'
import { parseJson, readCondition, textAt } from './answer-field.ts'
import type { Answer, Call } from './call.ts'
import type { RequestRules } from './check-rules.ts'
import { type Facts, isOfPayload } from './facts.ts'
import type { Poll } from './poll.ts'
import { fillAddress, fillJson, type Lookup } from './template.ts'

const bodiless = ['GET', 'HEAD']

/** The call that deploys. */
export function callOf(
  { url, headers, body, ...rules }: RequestRules,
  facts: Facts,
  { payload, trace }: Pick<Run, 'payload' | 'trace'>,
): Call {
  const method = rules.method.toUpperCase()
  const ours = {
    'user-agent': `livraison/${version}`,
    accept: 'application/json, */*;q=0.5',
    ...trace,
    ...lowerCased(headers),
    'idempotency-key': `livraison-deployment-${facts.deployment_id}`,
  }
  if (bodiless.includes(method)) return { method, url, headers: ours }
  const filled = body === undefined ? facts : fillJson(body, lookupIn(facts, payload))
  return {
    method,
    url,
    headers: { 'content-type': 'application/json', ...ours },
    body: JSON.stringify(filled),
  }
}

/** How the outcome is asked for. Our headers go along only to where the operator sent them already. */
export function pollOf(
  rules: RequestRules,
  poll: NonNullable<RequestRules['poll']>,
  lookup: Lookup,
  first: Answer,
): Poll {
  const json = parseJson(first.text)
  const url = fillAddress(poll.url, (name) => {
    if (!name.startsWith('answer.')) return lookup(name)
    const value = textAt(json, name.split('.').slice(1))
    if (value === undefined)
      throw new Error(`The answer has no ${name.slice('answer.'.length)} for poll.url.`)
    return value
  })
  const { 'content-type': _type, ...headers } = lowerCased(rules.headers)
  const isSame = new URL(url).origin === new URL(rules.url).origin
  const ours = { 'user-agent': `livraison/${version}`, accept: 'application/json' }
  const [success, failure] = [readCondition(poll.success), readCondition(poll.failure)]
  if (!success || !failure) throw new Error('poll.success and poll.failure must name a value each.')
  const call = { method: 'GET', url, headers: { ...ours, ...(isSame ? headers : {}) } }
  return { call, everyMs: poll.everyMs, success, failure }
}

/** The values of names in templates. A field that the payload has not, or that is no text, number or boolean, is empty. */
export function lookupIn(facts: Facts, payload: unknown): Lookup {
  return (name) => {
    if (isOfPayload(name)) return textAt(payload, name.split('.').slice(1)) ?? ''
    return Object.hasOwn(facts, name) ? String(facts[name as keyof Facts]) : undefined
  }
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
