import type { PersonRules } from '../../src/config/rules.ts'
import type { Message } from '../../src/notices/message.ts'
import type { Notice } from '../../src/notices/notice.ts'

/** What a channel remembers of a deployment, in Redis: the thread that it began for it, and the like. */
export interface ThreadMemory {
  read(): Promise<Readonly<Record<string, string>>>
  write(fields: Record<string, string>): Promise<void>
}

/** A notice that is to be told. */
export interface Telling {
  notice: Notice
  message: Message
  /** An earlier attempt may have reached the channel: its answer was lost, or the process that made it. */
  uncertain: boolean
  memory: ThreadMemory
  /** Aborted when it has taken too long, or the worker ends. */
  signal: AbortSignal
}

/**
 * Tells one channel. The notices of a channel come one at a time and in order.
 *
 * @throws {ChannelTrouble} if the channel cannot be told now: all its notices wait
 * @throws {NoticeRefused} if it takes this notice never, but may take others
 */
export type Notifier = (telling: Telling) => Promise<void>

/** The channel cannot be told now; `retryAfterMs` if it said when. */
export class ChannelTrouble extends Error {
  override name = 'ChannelTrouble'
  readonly retryAfterMs: number | undefined
  /** Whether it is certain that the notice did not arrive: the channel said so, or was never reached. */
  readonly isCertain: boolean

  constructor(
    message: string,
    options: { retryAfterMs?: number | undefined; isCertain: boolean; cause?: unknown },
  ) {
    super(message, { cause: options.cause })
    this.retryAfterMs = options.retryAfterMs
    this.isCertain = options.isCertain
  }
}

/** The channel takes this notice never, whatever is tried: it is let go, and said in the log. */
export class NoticeRefused extends Error {
  override name = 'NoticeRefused'
}

/** What a notifier may ask for: `createSlackNotifier(target, tools)` and its like take these. */
export interface NotifierTools {
  /** Who is who in the chats, by the rules that are in force now. */
  people(): readonly PersonRules[]
}
