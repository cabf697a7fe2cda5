/** Why something was not done; each is one HTTP status and one exit status. */
export type RefusalCode =
  /** The role is not enough (403). */
  | 'forbidden'
  /** There is no such thing (404). */
  | 'unknown'
  /** What is the case now does not allow it (409). */
  | 'conflict'
  /** It was asked wrongly (422). */
  | 'invalid'
  /** GitHub or a worker is needed and cannot be reached (503). */
  | 'unavailable'

/**
 * The answer to an operation: what happened, in one sentence, or the one reason why it did not. `later`: GitHub could not be asked,
 * and the same may be done in a while.
 */
export type Answer<T extends object = object> =
  | ({ outcome: 'done'; text: string } & T)
  | { outcome: 'refused'; code: RefusalCode; reason: string; later?: true }
