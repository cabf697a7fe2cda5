import { setTimeout as sleep } from 'node:timers/promises'
import { SocketModeClient } from '@slack/socket-mode'
import { z } from 'zod'
import { messageOf } from '../../errors/errors.ts'
import type { Logger } from '../../log/log.ts'
import { within } from '../../within.ts'
import { quietLogger } from './quiet-logger.ts'
import { readCommand, readPress } from './requests.ts'
import type { Slack } from './slack.ts'

export interface SocketOptions {
  /** With the scope connections:write. */
  appToken: string
  /** Without a slash at the end. */
  apiUrl: string
  slack: Pick<Slack, 'take'>
  log: Logger
}

export interface Socket {
  /** Takes no more, and closes the connection. */
  close(): Promise<void>
}

const startLimitMs = 30_000
const closeLimitMs = 2000
const longestWaitMs = 60_000

/** Slack renews a connection every few hours; one that ends sooner than this is an outage. */
const steadyMs = 10_000

/** What Slack's library hands on of an envelope. */
const envelopeSchema = z.object({ type: z.string(), body: z.unknown() })
type Ack = (answer?: object) => Promise<void>

/**
 * Takes what people ask for in Slack through a connection that goes out from here. Slack gives each envelope to one of an app's
 * connections: any number of receivers may hold one.
 *
 * It reconnects here and not in the library (3.1), which does so in a timer: if Slack refuses then, that is an unhandled
 * rejection, and the receiver would end.
 *
 * @see https://docs.slack.dev/apis/events-api/using-socket-mode
 */
export function openSocket({ appToken, apiUrl, slack, log }: SocketOptions): Socket {
  const stop = new AbortController()
  const outage = createOutage(log)
  let current: SocketModeClient | undefined

  const connect = async (): Promise<void> => {
    const client = new SocketModeClient({
      ...{ appToken, logger: quietLogger, autoReconnectEnabled: false },
      clientOptions: { slackApiUrl: `${apiUrl}/`, retryConfig: { retries: 0 }, timeout: startLimitMs },
    })
    current = client
    client.on('slack_event', (event: { ack: Ack }) => void handle(event, event.ack, slack, log))
    const ended = new Promise<void>((resolve) => client.once('disconnected', () => resolve()))
    await within(startLimitMs, client.start(), 'Slack did not say hello.').catch(async (error: unknown) => {
      await hangUp(client)
      throw error ?? new Error('the connection was closed')
    })
    if (stop.signal.aborted) return hangUp(client)
    outage.isOver()
    await ended
  }

  const keepConnected = async (): Promise<void> => {
    for (let failures = 0; !stop.signal.aborted; ) {
      const beganAt = performance.now()
      try {
        await connect()
        failures = performance.now() - beganAt > steadyMs ? 0 : failures + 1
        // The first time it may be Slack that renews the connection.
        if (failures < 2) continue
      } catch (error) {
        failures += 1
        if (!stop.signal.aborted) outage.began(messageOf(error))
      }
      await sleep(Math.min(250 * 2 ** (failures - 1), longestWaitMs), undefined, {
        signal: stop.signal,
      }).catch(() => {})
    }
  }

  const running = keepConnected()
  return {
    async close() {
      stop.abort()
      if (current !== undefined) await hangUp(current)
      await within(closeLimitMs, running, 'late').catch(() => {})
    },
  }
}

/** Asked a second time, the library does not wait for the other side any more. */
async function hangUp(client: SocketModeClient): Promise<void> {
  await within(closeLimitMs, client.disconnect(), 'late').catch(() => client.disconnect())
}

/** Whatever it is, Slack is told that it came. */
async function handle(event: unknown, ack: Ack, slack: Pick<Slack, 'take'>, log: Logger): Promise<void> {
  try {
    const { type, body } = envelopeSchema.parse(event)
    const read =
      type === 'slash_commands' ? readCommand : type === 'interactive' ? readPress : () => undefined
    const asked = read(body)
    const atOnce = asked && (await slack.take(asked))
    await ack(type === 'slash_commands' ? atOnce : undefined)
  } catch (error) {
    log.warn({ reason: messageOf(error) }, 'what came from Slack could not be acknowledged')
  }
}

/** One line when it begins and one when it is over, however often connecting is tried between. */
function createOutage(log: Logger) {
  let isAway: boolean | undefined
  return {
    began(reason: string) {
      if (isAway !== true)
        log.error({ reason }, 'Slack cannot be reached by socket mode; trying again until it can')
      isAway = true
    },
    isOver() {
      if (isAway !== false) log.info(isAway ? 'Slack is back' : 'connected to Slack by socket mode')
      isAway = false
    },
  }
}
