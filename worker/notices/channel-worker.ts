import { type Job, RateLimitError, UnrecoverableError, Worker } from 'bullmq'
import { messageOf } from '../../src/errors/errors.ts'
import { noticeQueue } from '../../src/notices/channel-book.ts'
import { noTracing } from '../../src/tracing/tracing.ts'
import type { ChannelWorkerOptions, NoticeJob } from './channel-options.ts'
import { createDelivery } from './deliver.ts'

/** Takes the notices of one channel, one at a time in the whole fleet, and in order. */
export interface ChannelWorker {
  perMinute: number
  /** What is being sent comes to its end first. */
  close(): Promise<void>
}

/** Starts it. A channel in trouble rests as a whole, and the notice that met it stays the first. */
export function startChannelWorker(options: ChannelWorkerOptions): ChannelWorker {
  const { id, redis, prefix, queue, log, perMinute, stalledMs, tracing = noTracing } = options
  const deliver = createDelivery(options)
  const channel = { 'livraison.channel': options.name }

  const process = async ({ data, timestamp }: Job<NoticeJob>) => {
    const span = tracing.active()
    const { state, deployment } = data.notice
    span?.set({ ...channel, 'livraison.state': state, 'livraison.deployment': deployment })
    const outcome = await deliver(data.notice, timestamp)
    if (outcome.kind !== 'told')
      span?.fail(outcome.kind === 'refused' ? outcome.reason : 'The channel is in trouble.')
    if (outcome.kind === 'refused') throw new UnrecoverableError(outcome.reason)
    if (outcome.kind === 'told') return
    await queue.rateLimit(outcome.waitMs)
    throw new RateLimitError()
  }

  const worker = new Worker<NoticeJob>(noticeQueue(id), process, {
    connection: redis,
    prefix,
    autorun: false,
    concurrency: 1,
    limiter: { max: perMinute, duration: 60_000 },
    lockDuration: 2 * stalledMs,
    stalledInterval: stalledMs,
    // Whether it may have been sent is written down: here a stall means only that the job goes on elsewhere.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    drainDelay: 1,
    runRetryDelay: 1000,
    ...(tracing.jobs && { telemetry: tracing.jobs }),
  })
  worker.on('error', (error) =>
    log.debug({ channel: options.name, reason: error.message }, 'a channel reports an error'),
  )

  let isClosing = false
  const start = async () => {
    await queue.setGlobalConcurrency(1)
    if (!isClosing) await worker.run()
  }
  start().catch((error: unknown) => {
    if (!isClosing)
      log.error({ channel: options.name, reason: messageOf(error) }, 'a channel could not be opened')
  })

  return {
    perMinute,
    close() {
      isClosing = true
      return worker.close()
    },
  }
}
