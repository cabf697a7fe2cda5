import { setTimeout as sleep } from 'node:timers/promises'
import { createParser } from 'eventsource-parser'
import { type Dispatcher, fetch } from 'undici'
import { messageOf } from '../errors/errors.ts'
import type { Logger } from '../log/log.ts'
import { version } from '../version.ts'

export interface Channel {
  url: string
  dispatcher: Dispatcher
  log: Logger
  signal: AbortSignal
  /** Called with the data of each message, in order. */
  onMessage: (data: string) => void
  /** A server that is silent for this long is not there any more; smee.io sends a ping every 30 s. */
  silenceMs?: number
  /** How long it is waited before the first of several attempts to connect again. */
  againMs?: number
}

const longestPauseMs = 30_000
/** The largest delivery is 25 MiB, and base64 makes it a third longer. */
const mostBytes = 64 * 1024 * 1024

/** Listens to a channel until the signal is aborted. A connection that breaks, or cannot be made, is made again. */
export async function followChannel(channel: Channel): Promise<void> {
  const { url, log, signal, againMs = 500 } = channel
  // Whoever knows the whole address can read and write there.
  const { host } = new URL(url)
  let pauseMs = againMs
  let wasOpen = false
  let told = false
  while (!signal.aborted) {
    try {
      await listen(channel, () => {
        log.info(
          { channel: host },
          wasOpen
            ? 'the tunnel is open again; what was sent meanwhile did not come through'
            : 'the tunnel is open',
        )
        pauseMs = againMs
        wasOpen = true
        told = false
      })
    } catch (error) {
      if (signal.aborted) return
      const reason = reasonOf(error)
      if (!told) log.error({ channel: host, reason }, 'the tunnel is broken; trying again until it is open')
      told = true
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => {})
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}

/** One connection, until it ends, which it should not: always throws. */
async function listen(
  { url, dispatcher, signal, onMessage, silenceMs = 75_000 }: Channel,
  onOpen: () => void,
) {
  const silent = new AbortController()
  const timer = setTimeout(() => silent.abort(new Error('It has been silent for too long.')), silenceMs)
  try {
    const answer = await fetch(url, {
      dispatcher,
      signal: AbortSignal.any([signal, silent.signal]),
      // A gosmee server answers others than its own client with a page.
      headers: { accept: 'text/event-stream', 'user-agent': `livraison/${version} (as gosmee)` },
    })
    const type = answer.headers.get('content-type') ?? 'nothing'
    if (!answer.ok || answer.body === null || !type.startsWith('text/event-stream')) {
      await answer.body?.cancel()
      throw new Error(`There is no channel: the answer is ${answer.status}, ${type}.`)
    }
    onOpen()
    let unread = 0
    const parser = createParser({
      onEvent({ event, data }) {
        unread = 0
        if (event === undefined || event === 'message') onMessage(data)
      },
    })
    const decoder = new TextDecoder()
    for await (const chunk of answer.body) {
      timer.refresh()
      unread += chunk.length
      if (unread > mostBytes) throw new Error('A message is longer than any delivery of GitHub.')
      parser.feed(decoder.decode(chunk, { stream: true }))
    }
    throw new Error('The server has ended the connection.')
  } finally {
    clearTimeout(timer)
  }
}

/** What undici calls only "fetch failed" or "terminated" has its reason in the cause. */
function reasonOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
}
