/** The sender can mend this: the message is the body of a 400. */
export class BadRequest extends Error {
  override name = 'BadRequest'
  readonly statusCode = 400
}
