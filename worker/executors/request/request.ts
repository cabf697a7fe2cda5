import { messageOf } from '../../../src/errors.ts'
import { version } from '../../../src/version.ts'
import { maskText } from '../../mask.ts'
import { limitTime } from '../../time-limit.ts'
import type { Executor, Outcome, Run } from '../executor.ts'
import { parseJson, readCondition, textAt } from './answer-field.ts'
import type { Answer, Call, Line } from './call.ts'
import { findProblems, type RequestRules } from './check-rules.ts'
import { openConnections } from './connect.ts'
import { type Facts, factsOf } from './facts.ts'
import { linesOf, messageIn } from './log-answer.ts'
import { type Poll, pollOutcome } from './poll.ts'
import { followProgress, type Progress } from './progress.ts'
import { send } from './send.ts'
import { fillAddress, fillJson, type Lookup } from './template.ts'

export interface RequestOptions {
  /** What must not be seen in a log or a status. */
  secrets?: readonly string[]
  /** How long to wait before a call that failed is made again, the first time; then twice as long each time. */
  firstRetryMs?: number
}

/**
 * Deploys by an HTTP call to something that does. A run that is begun again makes the same call with the same
 * `Idempotency-Key`.
 *
 * @throws {Error} that names all that is wrong with the rules
 */
export function requestExecutor(rules: RequestRules, options: RequestOptions = {}): Executor {
  const problems = findProblems(rules)
  if (problems.length > 0) throw new Error(`This request cannot be made: ${problems.join('; ')}.`)
  const mask = (text: string) => maskText(text, options.secrets ?? [])
  const firstRetryMs = options.firstRetryMs ?? 1000

  return async (run) => {
    const dispatcher = openConnections(rules.allowPrivate)
    const limit = limitTime(run.signal, rules.timeoutMs)
    const line = { dispatcher, signal: limit.signal }
    const progress = followProgress(run.log, mask)
    try {
      const { state, description } = await deploy(rules, run, line, firstRetryMs, progress, mask)
      return { state, description: mask(description) }
    } catch (error) {
      if (run.signal.aborted) throw run.signal.reason
      if (limit.isOver()) return tooLate(rules, progress, mask)
      // Not the cause: it may hold the request, and with it the secrets.
      throw new Error(mask(messageOf(error)))
    } finally {
      limit.stop()
      await dispatcher.destroy()
    }
  }
}

async function deploy(
  rules: RequestRules,
  run: Run,
  line: Line,
  firstRetryMs: number,
  progress: Progress,
  mask: (text: string) => string,
): Promise<Outcome> {
  const { host, origin, pathname } = new URL(rules.url)
  const facts = factsOf(run)
  const failed = (words: string): Outcome => ({ state: 'failure', description: `${host} ${words}` })

  progress.log(`${rules.method} ${origin}${pathname}`)
  const answer = await send(callOf(rules, facts), line, firstRetryMs, progress)
  if ('problem' in answer) return failed(`${answer.problem}.`)
  progress.log(`It answered ${answer.status}.`)
  for (const text of linesOf(answer, mask)) run.log(text)
  if (answer.status < 200 || answer.status > 299) return failed(refusalWords(answer))

  const deployed = `Deployed ${facts.sha.slice(0, 7)} to ${facts.environment}: ${host}`
  if (!rules.poll) return { state: 'success', description: `${deployed} answered ${answer.status}.` }
  progress.note('does not say how it went')
  const { state, words } = await pollOutcome(pollOf(rules, rules.poll, facts, answer), answer, line, progress)
  progress.log(`It ${words}.`)
  return state === 'success' ? { state, description: `${deployed} ${words}.` } : failed(`${words}.`)
}

function refusalWords(answer: Answer): string {
  const { status } = answer
  if (status >= 300 && status < 400)
    return `answered ${status}: redirects are not followed. Name its new address.`
  const said = messageIn(answer)
  return said === '' ? `answered ${status}.` : `answered ${status}: ${said}`
}

function tooLate(
  { url, timeoutMs }: RequestRules,
  progress: Progress,
  mask: (text: string) => string,
): Outcome {
  const words = `It did not end within ${Math.ceil(timeoutMs / 1000)} s: ${new URL(url).host} ${progress.last()}.`
  progress.log(words)
  return { state: 'failure', description: mask(words) }
}

const bodiless = ['GET', 'HEAD']

function callOf({ url, headers, body, ...rules }: RequestRules, facts: Facts): Call {
  const method = rules.method.toUpperCase()
  const ours = {
    'user-agent': `livraison/${version}`,
    accept: 'application/json, */*;q=0.5',
    ...lowerCased(headers),
    'idempotency-key': `livraison-deployment-${facts.deployment_id}`,
  }
  if (bodiless.includes(method)) return { method, url, headers: ours }
  const filled = body === undefined ? facts : fillJson(body, lookupIn(facts))
  return {
    method,
    url,
    headers: { 'content-type': 'application/json', ...ours },
    body: JSON.stringify(filled),
  }
}

/** Our headers go along only to where the operator sent them already. */
function pollOf(
  rules: RequestRules,
  poll: NonNullable<RequestRules['poll']>,
  facts: Facts,
  first: Answer,
): Poll {
  const json = parseJson(first.text)
  const lookup = lookupIn(facts)
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

function lookupIn(facts: Facts): Lookup {
  return (name) => (Object.hasOwn(facts, name) ? String(facts[name as keyof Facts]) : undefined)
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
