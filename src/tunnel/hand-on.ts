import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { messageOf } from '../errors/errors.ts'
import type { Logger } from '../log/log.ts'
import type { ChannelDelivery } from './read-message.ts'

export interface HandOn {
  /** The receiver's webhook route, on this machine. */
  target: string
  log: Logger
  signal: AbortSignal
  /** How long it is waited before a receiver that is not there, or has no Redis, is asked again. */
  againMs?: readonly number[]
}

/** GitHub takes the channel's answer for ours and never sends it again, so that we try for a while. */
const usualAgainMs = [500, 1000, 2000, 4000, 8000, 15_000]
const limitMs = 15_000

/** Gives a delivery to the receiver, which checks its signature, and says in the log what came of it. */
export async function handOn(delivery: ChannelDelivery, options: HandOn): Promise<void> {
  const { log, signal, againMs = usualAgainMs } = options
  const about = { event: delivery.headers['x-github-event'], delivery: delivery.headers['x-github-delivery'] }
  for (const [attempt, pauseMs] of [...againMs, undefined].entries()) {
    const { status, text } = await post(delivery, options)
    if (status !== undefined && status !== 503) {
      tell(log, about, status, text)
      return
    }
    if (pauseMs === undefined || signal.aborted) {
      const lost = 'the receiver did not take a delivery: have GitHub send it again, once it runs'
      log.error({ ...about, reason: text }, lost)
      return
    }
    if (attempt === 0) {
      log.warn({ ...about, reason: text }, 'the receiver cannot take a delivery now; it is tried again')
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => {})
  }
}

async function post(
  { headers, body }: ChannelDelivery,
  { target, signal }: HandOn,
): Promise<{ status?: number; text: string }> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
    const answer = await request(target, { method: 'POST', headers, body, signal: limit })
    return { status: answer.statusCode, text: await answer.body.text() }
  } catch (error) {
    return { text: messageOf(error) }
  }
}

function tell(log: Logger, about: object, status: number, text: string): void {
  if (status < 300) {
    log.info({ ...about, status }, 'a delivery came through the tunnel')
    return
  }
  const why =
    status === 401
      ? "it is forged, the webhook's secret on GitHub is not the one in GITHUB_WEBHOOK_SECRET, or the channel changed it"
      : text
  log.warn({ ...about, status, reason: why }, 'the receiver refused a delivery of the tunnel')
}
