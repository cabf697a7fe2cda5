import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../../access/actor.ts'
import { Refusal } from '../../errors/refusal.ts'
import type { Answer } from '../../operations/answer.ts'
import type { Notices } from '../notices.ts'

/** Who pressed the button. @throws {Refusal} 401 if nobody has signed in */
export function actorOf({ actor }: FastifyRequest): Actor {
  if (actor === null) throw new Refusal(401, 'Sign in first.')
  return actor
}

/** Sends somebody on to a page that tells them once what happened, or why it did not. */
export async function tellAndGo(
  reply: FastifyReply,
  notices: Notices,
  answer: Answer,
  to: string,
): Promise<FastifyReply> {
  await notices.leave(
    reply,
    answer.outcome === 'done'
      ? { kind: 'done', text: answer.text }
      : { kind: 'refused', text: answer.reason },
  )
  return reply.redirect(to, 303)
}

/** A field of a form; what was left empty was not given. */
export function field(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined
  const value = (body as Record<string, unknown>)[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
