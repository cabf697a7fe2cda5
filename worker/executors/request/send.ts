import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../src/errors/errors.ts'
import { AddressRefused } from '../../outgoing/connect.ts'
import { type Answer, type Call, type Line, makeCall } from './call.ts'
import type { Progress } from './progress.ts'

const mostTries = 4

/** Whether the same call may have another answer in a while. */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 429
}

/**
 * Makes a call, and again if the server cannot be reached or has trouble of its own: it sees by the idempotency key
 * that it is the same. Gives the last answer, or why there is none.
 *
 * @throws {AddressRefused} if it must not be called, and what the signal was aborted for
 */
export async function send(
  call: Call,
  line: Line,
  firstRetryMs: number,
  progress: Progress,
): Promise<Answer | { problem: string }> {
  for (let attempt = 1; ; attempt++) {
    const answer = await tryCall(call, line)
    if ('status' in answer && !isPassing(answer.status)) return answer
    progress.note('problem' in answer ? answer.problem : `answered ${answer.status}`)
    if (attempt === mostTries) return answer
    const waitMs = ('status' in answer ? answer.retryAfterMs : undefined) ?? firstRetryMs * 2 ** (attempt - 1)
    progress.log(`It ${progress.last()}. It is called again in ${Math.ceil(waitMs / 1000)} s.`)
    await sleep(waitMs, undefined, { signal: line.signal })
  }
}

/** Makes a call; that the server cannot be reached is an answer too. */
export async function tryCall(call: Call, line: Line): Promise<Answer | { problem: string }> {
  try {
    return await makeCall(call, line)
  } catch (error) {
    if (line.signal.aborted || error instanceof AddressRefused) throw error
    return { problem: `could not be reached (${messageOf(error)})` }
  }
}
