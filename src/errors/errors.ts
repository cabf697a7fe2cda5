/**
 * What a caller can do about a failure is its type: come back later, or never.
 * The worker turns these into BullMQ's retry and final failure.
 */

/** It may work later: try again, after `retryAfterMs` if the other side said when. */
export class RetryLater extends Error {
  override name = 'RetryLater'
  readonly retryAfterMs: number | undefined

  constructor(message: string, options: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.retryAfterMs = options.retryAfterMs
  }
}

/** It will never work, however often it is tried; the message says what a person can do. */
export class GiveUp extends Error {
  override name = 'GiveUp'
}

/** What anything thrown says, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
