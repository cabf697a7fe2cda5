import type { Actor } from '../access/access.ts'

/** Where somebody asked: each face says the same, and the audit trail which one it was. */
export type Face = 'dashboard' | 'api' | 'command line' | 'github' | 'chat'

/** Who asks for an operation, and where. */
export interface By {
  actor: Actor
  face: Face
}

/**
 * What became of an operation. `done`: it has happened. `accepted`: a worker does it, and the message says how to follow it.
 * `nothing`: it was so already. What is not done is a Refusal, with the one reason why not.
 */
export interface Answer {
  outcome: 'done' | 'accepted' | 'nothing'
  /** One sentence for people: what happened to what. */
  message: string
  /** The deployment that it made or acted on. */
  deployment?: { repository: string; id: number }
  /** The job that does it. */
  job?: string
}

/** Performs operations: each is validated, authorised, recorded in the audit trail, and answered. */
export interface Operations {
  /**
   * @param input as it came in: checked by the operation's own schema
   * @throws {Refusal} 400 for a malformed input, 403 for too weak a role, 404, 409 with the one reason why not
   */
  perform(name: OperationName, input: unknown, by: By): Promise<Answer>
}

/** What people can do, in the words of the API's paths. */
export const operationNames = [
  'deploy',
  'cancel',
  'retry',
  'rollback',
  'promote',
  'approve',
  'reject',
  'override',
  'lock',
  'unlock',
  'freeze',
  'unfreeze',
  'replay',
] as const

export type OperationName = (typeof operationNames)[number]
