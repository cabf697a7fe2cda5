import { fetch } from 'undici'
import { readRetryAfter } from '../../executors/request/call.ts'
import { openConnections } from '../../outgoing/connect.ts'
import { ChannelTrouble } from '../notifier.ts'
import { unreachable } from '../unreachable.ts'

type Init = Parameters<typeof globalThis.fetch>[1]

/** The operator names the address, which may be of their own network. */
const dispatcher = openConnections(true)

/** How long Slack is left alone when it does not say. */
const pauseMs = 30_000

/**
 * The fetch that Slack's clients are given: it ends with the signal, and tells of a limit what the clients would leave out or put
 * together with the address. All that is told to Slack is text.
 */
export function slackFetch(signal: AbortSignal): (url: string | URL, init?: Init) => Promise<Response> {
  return async (url, init) => {
    const signals = init?.signal ? [signal, init.signal] : [signal]
    const response = await fetch(url, {
      method: init?.method ?? 'GET',
      headers: [...new Headers(init?.headers)],
      body: init?.body ? String(init.body) : null,
      ...{ dispatcher, redirect: 'manual', signal: AbortSignal.any(signals) },
    }).catch((error: unknown) => {
      throw unreachable('Slack', error instanceof TypeError && error.cause ? error.cause : error)
    })
    const { status, headers } = response
    if (status !== 429) {
      // Whatever becomes of the rest, the status has said whether it was taken.
      const text = await response.text().catch(() => '')
      return new Response(text || null, { status, headers: [...headers] })
    }
    await response.body?.cancel()
    const retryAfterMs = readRetryAfter(headers.get('retry-after') ?? undefined, Date.now()) ?? pauseMs
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
