import { setTimeout as sleep } from 'node:timers/promises'
import { type Condition, isTrueOf, parseJson, stateIn } from './answer-field.ts'
import type { Answer, Call, Line } from './call.ts'
import { messageIn } from './log-answer.ts'
import type { Progress } from './progress.ts'
import { isPassing, tryCall } from './send.ts'

/** How the outcome is asked for. */
export interface Poll {
  call: Call
  everyMs: number
  success: Condition
  failure: Condition
}

/** What came out: words about the server, such as `says "live"`. */
export interface Polled {
  state: 'success' | 'failure'
  words: string
}

/** An address that does not know of the deployment yet, or has trouble, is asked again. */
const notYet = [404, 408, 425]

/** Asks until the answer says how it went. Ends only with that, a refusal, or the signal. */
export async function pollOutcome(
  { call, everyMs, success, failure }: Poll,
  first: Answer,
  line: Line,
  progress: Progress,
): Promise<Polled> {
  let waitMs = first.retryAfterMs ?? everyMs
  for (;;) {
    await sleep(waitMs, undefined, { signal: line.signal })
    const answer = await tryCall(call, line)
    const before = progress.last()
    if ('problem' in answer) {
      progress.note(answer.problem)
    } else {
      const judged = judgeAnswer(answer, success, failure)
      if ('state' in judged) return judged
      progress.note(judged.words)
    }
    if (progress.last() !== before) progress.log(`It ${progress.last()}.`)
    waitMs = ('status' in answer ? answer.retryAfterMs : undefined) ?? everyMs
  }
}

/** What an answer means; without a state, that it must be asked again. Pure. */
export function judgeAnswer(
  answer: Answer,
  success: Condition,
  failure: Condition,
): Polled | { words: string } {
  const { status, text } = answer
  if (isPassing(status) || notYet.includes(status)) return { words: `answered ${status}` }
  if (status < 200 || status > 299) {
    return { state: 'failure', words: `answered ${status} when asked how it went: ${messageIn(answer)}` }
  }
  const json = parseJson(text)
  // Both at once would be a mistake in the conditions: then it has not succeeded.
  for (const [state, condition] of [['failure', failure] as const, ['success', success] as const]) {
    if (isTrueOf(condition, json)) return { state, words: `says "${stateIn(condition, json)}"` }
  }
  if (json === undefined) return { words: 'answered with something that is not JSON' }
  const says = stateIn(success, json) ?? stateIn(failure, json)
  return { words: says === undefined ? 'does not say how it went' : `says "${says}"` }
}
