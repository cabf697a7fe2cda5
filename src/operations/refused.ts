import type { RefusalCode } from './answer.ts'

/** An operation is not done; the message is the one reason, and says what can be done about it. */
export class Refused extends Error {
  override name = 'Refused'
  readonly code: RefusalCode

  constructor(code: RefusalCode, reason: string) {
    super(reason)
    this.code = code
  }
}
