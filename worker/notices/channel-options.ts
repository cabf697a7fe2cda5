import type { Queue } from 'bullmq'
import type { ChannelRules, RulesInForce } from '../../src/config/rules.ts'
import type { Logger } from '../../src/log/log.ts'
import type { ChannelBook } from '../../src/notices/channel-book.ts'
import type { Message } from '../../src/notices/message.ts'
import type { Notice } from '../../src/notices/notice.ts'
import type { Redis } from '../../src/redis/redis.ts'
import type { Tracing } from '../../src/tracing/tracing.ts'
import type { createNotifier } from '../notifiers/index.ts'
import type { ChannelTiming } from './channel-timing.ts'

export interface OpenChannelsOptions {
  redis: Redis
  prefix: string
  rules: RulesInForce
  log: Logger
  /** How soon another worker goes on with the channels of one that died: between this and twice this. */
  stalledMs: number
  /** Is told what is done; nobody is unless given. */
  tracing?: Tracing | undefined
  /** Puts a notice into words: an operator's own, where there are any for its state. */
  render(notice: Notice, texts: ChannelRules['texts']): Message
  timing?: Partial<ChannelTiming>
  /** Aborted when the worker ends and what it does has had its time. */
  ending: AbortSignal
}

/** What one channel is worked on with. */
export interface ChannelWorkerOptions extends Omit<OpenChannelsOptions, 'timing'> {
  id: string
  /** What people are told that it is. */
  name: string
  perMinute: number
  timing: ChannelTiming
  book: ChannelBook
  queue: Queue<NoticeJob>
  createNotifier: typeof createNotifier
}

/** What waits in the queue of a channel. It holds no secret: where the channel leads is looked up when it is sent. */
export interface NoticeJob {
  channel: string
  notice: Notice
}
