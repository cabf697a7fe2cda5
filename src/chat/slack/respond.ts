import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../errors/errors.ts'
import type { Logger } from '../../log/log.ts'
import type { SlackMessage } from './message.ts'

/** Says something at a `response_url`. It never throws: what could not be said is in the log. False if it was broken off by the signal. */
export type Respond = (responseUrl: string, message: SlackMessage) => Promise<boolean>

export interface RespondOptions {
  log: Logger
  /** Where answers may go: an address that came with a request leads nowhere else. */
  origins: readonly string[]
  /** From a try to the next, each time twice as long. */
  firstWaitMs?: number
  signal?: AbortSignal
}

/** Slack's own, for its commercial and its government cloud. */
export const slackOrigins = ['https://hooks.slack.com', 'https://hooks.slack-gov.com']

/**
 * Slack takes five answers within half an hour; of these, each request is given one, so there may be as many tries.
 *
 * @see https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
const mostTries = 4
const tryLimitMs = 5000
const longestWaitMs = 30_000

export function createRespond({ log, origins, firstWaitMs = 1000, signal }: RespondOptions): Respond {
  return async (responseUrl, message) => {
    if (!URL.canParse(responseUrl) || !origins.includes(new URL(responseUrl).origin)) {
      log.warn('a request from Slack wants its answer at an address that is not of Slack: it gets none')
      return true
    }
    for (let tries = 1; ; tries++) {
      const failure = await post(responseUrl, message)
      if (failure === undefined) return true
      if (failure.isFinal || tries === mostTries) {
        log.warn({ reason: failure.reason, tries }, 'an answer could not be given in Slack')
        return true
      }
      if (signal?.aborted) return false
      const waitMs = Math.max(failure.retryAfterMs, firstWaitMs * 2 ** (tries - 1))
      await sleep(Math.min(waitMs, longestWaitMs), undefined, { signal }).catch(() => {})
    }
  }
}

interface Failure {
  reason: string
  /** It would be the same again: the address is used up, or the message is not taken. */
  isFinal: boolean
  retryAfterMs: number
}

/** The address is a secret for as long as it works: no reason names it. */
async function post(url: string, message: SlackMessage): Promise<Failure | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(tryLimitMs),
    })
    await answer.body?.cancel()
    if (answer.ok) return undefined
    const { status, headers } = answer
    const isFinal = status < 500 && status !== 429 && status !== 408
    const retryAfterMs = 1000 * (Number(headers.get('retry-after')) || 0)
    return { reason: `it answered ${status}`, isFinal, retryAfterMs }
  } catch (error) {
    return { reason: messageOf(error).replaceAll(url, '(hidden)'), isFinal: false, retryAfterMs: 0 }
  }
}
