import { RetryLater } from '../src/errors/errors.ts'

/**
 * Nothing is wrong, but a job cannot go on yet: it sleeps, holding no slot and using up no attempt, and asks again,
 * at the latest after `delayMs`.
 */
export class AskAgain extends RetryLater {
  override name = 'AskAgain'
  readonly delayMs: number
  /** Looked at once the job sleeps: what it waits for may have come about in between. */
  readonly isOver: () => Promise<boolean>

  constructor(message: string, delayMs: number, isOver: () => Promise<boolean> = async () => false) {
    super(message, { retryAfterMs: delayMs })
    this.delayMs = delayMs
    this.isOver = isOver
  }
}
