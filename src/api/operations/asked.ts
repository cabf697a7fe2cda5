import type { FastifyReply } from 'fastify'
import type { Answer } from '../../operations/answer.ts'
import type { Asked } from '../../operations/operations.ts'
import { askedSchema, type PresentedAsked } from '../schema/operation.ts'
import { doneOf } from './answer.ts'

/** The answers where a deployment is asked for. */
export const askedResponse = { 201: askedSchema, 202: askedSchema }

/** Answers 201 once GitHub has the deployment, 202 while it waits. @throws {Refusal} */
export function tellAsked(reply: Pick<FastifyReply, 'statusCode'>, answer: Answer<Asked>): PresentedAsked {
  const { deployment = null, ...asked } = doneOf(answer)
  reply.statusCode = deployment === null ? 202 : 201
  return { ...asked, deployment }
}
