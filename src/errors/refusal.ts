/** What was asked is not done; the message is for whoever asked and says what to do. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly statusCode: number
  /** When it may be asked again, if that is known. */
  readonly retryAfterSeconds: number | undefined

  constructor(statusCode: number, message: string, options: { retryAfterSeconds?: number } = {}) {
    super(message)
    this.statusCode = statusCode
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
