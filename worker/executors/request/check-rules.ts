import { Headers } from 'undici'
import type { ExecutorRules } from '../../../src/config/rules.ts'
import { readCondition } from './answer-field.ts'
import { factNames, isOfPayload } from './facts.ts'
import { fillText, namesIn, namesInJson } from './template.ts'

export type RequestRules = Extract<ExecutorRules, { kind: 'request' }>

/** What the connection itself says. */
const connectionHeaders = [
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]

const token = /^[\w!#$%&'*+.^`|~-]+$/

/** What is wrong with the rules of a request, in words without their values, which may be secrets. Pure. */
export function findProblems({ url, method, headers, body, poll, callback }: RequestRules): string[] {
  const problems = [...addressProblems('url', url)]
  if (namesIn(url).length > 0) problems.push('url takes no {{...}}: only body and poll.url do')
  if (!token.test(method)) problems.push('method is no HTTP method')
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeader(name, value))
      problems.push(`headers: ${JSON.stringify(name)} cannot be sent, or its value cannot`)
  }
  const more = callback ? ['callback_url'] : []
  problems.push(...unknownNames('body', namesInJson(body), more, false))
  if (!poll) return problems
  if (callback) problems.push('poll and callback are set, where one of them is to say how it went')
  problems.push(
    ...addressProblems(
      'poll.url',
      fillText(poll.url, () => 'x'),
    ),
  )
  problems.push(...unknownNames('poll.url', namesIn(poll.url), [], true))
  // A value must not say who is called.
  if (/^[^/]*\/*[^/?#]*\{\{/.test(poll.url)) problems.push('poll.url takes {{...}} only after the host')
  for (const name of ['success', 'failure'] as const) {
    if (!readCondition(poll[name])) problems.push(`poll.${name} names no value, such as status=live`)
  }
  return problems
}

function addressProblems(name: string, address: string): string[] {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return [`${name} is no address that begins with https:// or http://`]
  }
  return url.username || url.password ? [`${name} holds a user or password: put them in a header`] : []
}

function isHeader(name: string, value: string): boolean {
  if (connectionHeaders.includes(name.toLowerCase())) return false
  try {
    return new Headers([[name, value]]).has(name)
  } catch {
    return false
  }
}

function unknownNames(where: string, names: string[], more: string[], answers: boolean): string[] {
  const known: readonly string[] = [...factNames, ...more]
  const unknown = names.filter(
    (name) => !known.includes(name) && !isOfPayload(name) && !(answers && name.startsWith('answer.')),
  )
  const all = [...known, 'payload.FIELD', ...(answers ? ['answer.FIELD'] : [])].join(', ')
  return [...new Set(unknown)].map((name) => `${where}: {{${name}}} stands for nothing; there are ${all}`)
}
