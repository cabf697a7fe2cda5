import type { Told } from '../../../src/callbacks/callbacks.ts'
import { messageOf } from '../../../src/errors/errors.ts'
import { maskText } from '../../../src/log/mask.ts'
import { openConnections } from '../../outgoing/connect.ts'
import { limitTime } from '../../time-limit.ts'
import type { Executor, Outcome, Run } from '../executor.ts'
import { callAndBeTold, readNews } from './be-told.ts'
import { callOf, lookupIn, pollOf } from './build-call.ts'
import type { Answer, Line } from './call.ts'
import type { CallbackAddress, CallbackAddresses } from './callback-addresses.ts'
import { findProblems, type RequestRules } from './check-rules.ts'
import { type Facts, factsOf } from './facts.ts'
import { linesOf, messageIn } from './log-answer.ts'
import { pollOutcome } from './poll.ts'
import { followProgress, type Progress } from './progress.ts'
import { send } from './send.ts'

export interface RequestOptions {
  /** What must not be seen in a log or a status. */
  secrets?: readonly string[]
  /** How long to wait before a call that failed is made again, the first time; then twice as long each time. */
  firstRetryMs?: number
  /** Where outcomes are told; rules with a callback need it. */
  callbacks?: CallbackAddresses
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
  const { secrets = [], firstRetryMs = 1000, callbacks } = options

  return async (run) => {
    const address = await openAddress(rules, run, callbacks)
    const hidden = address ? [...secrets, address.token] : secrets
    const mask = (text: string) => maskText(text, hidden)
    const dispatcher = openConnections(rules.allowPrivate)
    const limit = limitTime(run.signal, rules.timeoutMs)
    const progress = followProgress(run.log, mask)
    const line = { dispatcher, signal: limit.signal }
    const parts = { rules, run, line, firstRetryMs, progress, mask }
    try {
      const { state, description } = await (address ? deployAndBeTold(parts, address) : deploy(parts))
      return { state, description: mask(description) }
    } catch (error) {
      if (run.signal.aborted) throw run.signal.reason
      const told = await address?.end()
      if (told) return { ...told, description: mask(wordsOf(told, rules, factsOf(run))) }
      if (limit.isOver()) return tooLate(rules, progress, mask)
      // Not the cause: it may hold the request, and with it the secrets.
      throw new Error(mask(messageOf(error)))
    } finally {
      limit.stop()
      address?.leave()
      await dispatcher.destroy()
    }
  }
}

/** What comes is kept a while longer than the run may take: who is late is told so. */
const keptMs = 24 * 3_600_000

async function openAddress(
  { callback, timeoutMs }: RequestRules,
  { deployment }: Run,
  callbacks: CallbackAddresses | undefined,
): Promise<CallbackAddress | undefined> {
  if (!callback) return undefined
  if (!callbacks) throw new Error('This request cannot be made: there is nobody to be told how it went.')
  return callbacks.open(deployment.id, timeoutMs + keptMs)
}

interface Parts {
  rules: RequestRules
  run: Run
  line: Line
  firstRetryMs: number
  progress: Progress
  mask: (text: string) => string
}

async function deploy(parts: Parts): Promise<Outcome> {
  const { rules, run, line, progress } = parts
  const { host } = new URL(rules.url)
  const facts = factsOf(run)
  const failed = (words: string): Outcome => ({ state: 'failure', description: `${host} ${words}` })
  const answer = await call(parts, facts, line)
  if ('failure' in answer) return failed(answer.failure)
  const deployed = `Deployed ${facts.sha.slice(0, 7)} to ${facts.environment}: ${host}`
  if (!rules.poll) return { state: 'success', description: `${deployed} answered ${answer.status}.` }
  progress.note('does not say how it went')
  const poll = pollOf(rules, rules.poll, lookupIn(facts, run.payload), answer)
  const { state, words } = await pollOutcome(poll, answer, line, progress)
  progress.log(`It ${words}.`)
  return state === 'success' ? { state, description: `${deployed} ${words}.` } : failed(`${words}.`)
}

/** What an earlier run of the same deployment was told counts: the call is not made again then. */
async function deployAndBeTold(parts: Parts, address: CallbackAddress): Promise<Outcome> {
  const { rules, run, line, progress } = parts
  const { host } = new URL(rules.url)
  const facts = factsOf(run, address.url)
  const withinMs = rules.callback?.withinMs
  const earlier = await readNews(address, progress)
  if (earlier) progress.log(`${host} has told already how it went.`)
  const ended = earlier
    ? { told: earlier }
    : await callAndBeTold(address, progress, { signal: line.signal, withinMs }, async (signal) => {
        const answer = await call(parts, facts, { ...line, signal })
        progress.note('has not told how it went')
        return 'failure' in answer ? answer.failure : undefined
      })
  // Between the last look and now it may have come.
  const told = ended && 'told' in ended ? ended.told : await address.end()
  if (told) {
    progress.log(`${host} told how it went: ${told.state}. ${told.description}`.trim())
    return { state: told.state, description: wordsOf(told, rules, facts) }
  }
  const late = `has not told how it went within ${Math.ceil((withinMs ?? 0) / 1000)} s.`
  const words = ended && 'failure' in ended ? ended.failure : late
  progress.log(`${host} ${words}`)
  return { state: 'failure', description: `${host} ${words}` }
}

/** What is said of an outcome that was told. */
function wordsOf({ state, description }: Told, { url }: RequestRules, { sha, environment }: Facts): string {
  if (description !== '') return description
  const { host } = new URL(url)
  return state === 'success'
    ? `Deployed ${sha.slice(0, 7)} to ${environment}: ${host} says so.`
    : `${host} says that it failed.`
}

/** Makes the call, and gives its answer, or in words why it failed. */
async function call(parts: Parts, facts: Facts, line: Line): Promise<Answer | { failure: string }> {
  const { rules, run, firstRetryMs, progress, mask } = parts
  const { origin, pathname } = new URL(rules.url)
  progress.log(`${rules.method} ${origin}${pathname}`)
  const answer = await send(callOf(rules, facts, run), line, firstRetryMs, progress)
  if ('problem' in answer) return { failure: `${answer.problem}.` }
  progress.log(`It answered ${answer.status}.`)
  for (const text of linesOf(answer, mask)) run.log(text)
  if (answer.status < 200 || answer.status > 299) return { failure: refusalWords(answer) }
  return answer
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
