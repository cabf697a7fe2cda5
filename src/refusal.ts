/** The API does not do what was asked; the message is for whoever asked and says what to do. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly statusCode: number

  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}
