import { EnvHttpProxyAgent } from 'undici'
import { webhookPath } from '../github/our-hooks.ts'
import type { Logger } from '../log/log.ts'
import { followChannel } from './follow-channel.ts'
import { handOn } from './hand-on.ts'
import { readMessage } from './read-message.ts'

export interface TunnelOptions {
  /** The channel. */
  url: string
  /** Where the receiver listens on this machine. */
  receiverUrl: string
  log: Logger
  /** How patient it is; as is usual unless given. */
  pace?: { silenceMs?: number; againMs?: number; handOnAgainMs?: readonly number[] }
}

/** Deliveries that wait for a receiver that is not there. */
const mostWaiting = 500

/** Takes deliveries from a channel to the receiver, one after another, until it is closed. */
export function openTunnel({ url, receiverUrl, log, pace = {} }: TunnelOptions): { close(): Promise<void> } {
  const closing = new AbortController()
  const { signal } = closing
  // The way out may lead through a proxy; the way to the receiver does not.
  const dispatcher = new EnvHttpProxyAgent({ bodyTimeout: 0 })
  const { handOnAgainMs, ...ofChannel } = pace
  const target = `${receiverUrl}${webhookPath}`
  const options = { target, log, signal, ...(handOnAgainMs === undefined ? {} : { againMs: handOnAgainMs }) }
  let waiting = 0
  let turn = Promise.resolve()
  const onMessage = (data: string) => {
    const delivery = readMessage(data)
    if (delivery === undefined) return
    if (waiting >= mostWaiting) {
      log.error('too many deliveries wait for the receiver: one is dropped')
      return
    }
    waiting++
    turn = turn.then(() => handOn(delivery, options)).finally(() => waiting--)
  }
  const following = followChannel({ url, dispatcher, log, signal, onMessage, ...ofChannel })
  return {
    async close() {
      closing.abort()
      await following
      await turn
      await dispatcher.destroy()
    },
  }
}
