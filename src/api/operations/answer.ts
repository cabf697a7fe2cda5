import type { FastifyRequest } from 'fastify'
import type { Actor } from '../../access/actor.ts'
import { Refusal } from '../../errors/refusal.ts'
import type { Answer, RefusalCode } from '../../operations/answer.ts'

/** What each reason not to do something is in HTTP. */
const statusOf: Record<RefusalCode, number> = {
  forbidden: 403,
  unknown: 404,
  conflict: 409,
  invalid: 422,
  unavailable: 503,
}

/** What an operation did. @throws {Refusal} if it was refused */
export function doneOf<T extends object>(answer: Answer<T>): { outcome: 'done'; text: string } & T {
  if (answer.outcome === 'done') return answer
  throw refusalOf(answer)
}

/** Why something was not done, in HTTP. Pure. */
export function refusalOf({ code, reason }: { code: RefusalCode; reason: string }): Refusal {
  return new Refusal(statusOf[code], reason)
}

/** Who asks. @throws {Refusal} 401 if nobody has signed in */
export function actorOf({ actor }: Pick<FastifyRequest, 'actor'>): Actor {
  if (actor) return actor
  throw new Refusal(401, 'Nobody has signed in.')
}
