import { readRetryAfter } from '../../executors/request/call.ts'
import { ChannelTrouble } from '../notifier.ts'
import { unreachable } from '../unreachable.ts'

type Init = Parameters<typeof fetch>[1]

/** How long Slack is left alone when it does not say. */
const pauseMs = 30_000

/**
 * The fetch that Slack's clients are given: it ends with the signal, and tells of a limit what the clients would leave out or put
 * together with the address.
 */
export function slackFetch(signal: AbortSignal): (url: string | URL, init?: Init) => Promise<Response> {
  return async (url, init) => {
    const signals = init?.signal ? [signal, init.signal] : [signal]
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.any(signals),
    }).catch((error: unknown) => {
      throw unreachable('Slack', error)
    })
    if (response.status !== 429) return response
    await response.body?.cancel()
    const retryAfterMs =
      readRetryAfter(response.headers.get('retry-after') ?? undefined, Date.now()) ?? pauseMs
    throw new ChannelTrouble('Slack wants to be told less often (429).', { retryAfterMs, isCertain: true })
  }
}

/** The trouble that our fetch told a client of Slack's, wherever the client has put it. */
export function troubleIn(error: unknown): ChannelTrouble | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof ChannelTrouble) return at
  }
  return undefined
}
