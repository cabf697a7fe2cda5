import type { VerifyRules } from '../../src/config/rules.ts'
import { messageOf } from '../../src/errors/errors.ts'
import { version } from '../../src/version.ts'
import { makeCall } from '../executors/request/call.ts'
import { openConnections } from '../outgoing/connect.ts'
import { limitTime } from '../time-limit.ts'
import type { Probe } from './judge.ts'

/**
 * Asks once, on a connection of its own, whether what was deployed answers as it should. The operator named the address,
 * so it may be a private one. A redirect is an answer like any other: it could lead anywhere.
 *
 * @throws what the signal was aborted for
 */
export async function probe({ url, timeoutMs, expect }: VerifyRules, signal: AbortSignal): Promise<Probe> {
  const dispatcher = openConnections(true)
  const limit = limitTime(signal, timeoutMs)
  const headers = { 'user-agent': `livraison/${version}`, accept: '*/*' }
  try {
    const { status } = await makeCall({ method: 'GET', url, headers }, { dispatcher, signal: limit.signal })
    return { isGood: isExpected(status, expect), words: `answered ${status}` }
  } catch (error) {
    signal.throwIfAborted()
    if (limit.isOver()) return { isGood: false, words: `did not answer within ${timeoutMs / 1000} s` }
    return { isGood: false, words: `could not be reached (${messageOf(error)})` }
  } finally {
    limit.stop()
    await dispatcher.destroy()
  }
}

/** Whether a status is that of a good answer. Pure. */
export function isExpected(status: number, expect: VerifyRules['expect']): boolean {
  return expect ? expect.includes(status) : status >= 200 && status <= 299
}
