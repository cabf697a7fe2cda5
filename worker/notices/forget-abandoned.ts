import type { Queue } from 'bullmq'
import type { Logger } from '../../src/log/log.ts'
import type { ChannelBook } from '../../src/notices/channel-book.ts'

export interface ForgetOptions {
  book: ChannelBook
  log: Logger
  queueOf(id: string): Queue
  /** How long a channel must have been in nobody's rules. */
  forMs: number
}

/** Drops the notices of channels that are in livraison.yml no more, and says so. */
export async function forgetAbandoned({ book, log, queueOf, forMs }: ForgetOptions): Promise<void> {
  for (const { id, name, waiting } of await book.abandoned(forMs)) {
    await queueOf(id).obliterate({ force: true })
    // Several workers may come to this at once: one says so.
    if (!(await book.forget(id))) continue
    const about = { channel: name, notices: waiting }
    if (waiting > 0)
      log.warn(about, 'a channel is no longer in livraison.yml: the notices for it are dropped')
    else log.info(about, 'a channel is no longer in livraison.yml, and is forgotten')
  }
}
