import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { addressOf } from '../access/caller-address.ts'
import { BadRequest } from '../errors/bad-request.ts'
import { Refusal } from '../errors/refusal.ts'
import type { BodyBudget } from './budget.ts'

type Done = (error: Error | null, body?: unknown) => void

const retryAfterSeconds = 30

/**
 * Makes what reads a body's raw bytes: so many at the most, and within the budget for all. Where there is no room, the body that
 * it gives is a {@link Refusal}, and the rest is let go by: a sender who is cut off in the middle would not see the answer.
 */
export function createReadBytes(most: number, budget: BodyBudget) {
  return (request: FastifyRequest, payload: IncomingMessage, done: Done): void => {
    const length = Number(request.headers['content-length'])
    if (length > most) {
      done(tooLarge(most))
      return
    }
    const share = budget.open(addressOf(request), length)
    const chunks: Buffer[] = []
    let bytes = 0
    const end = (error: Error | null, body?: Buffer | Refusal) => {
      payload.off('data', onData).off('end', onEnd).off('error', onError)
      share.close()
      if (!payload.readableEnded) {
        // One that fails later has an answer already.
        payload.on('error', () => {})
        payload.resume()
      }
      done(error, body)
    }
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > most) end(tooLarge(most))
      else if (share.take(chunk.length)) chunks.push(chunk)
      else end(null, tooMuch())
    }
    const onEnd = () => end(null, Buffer.concat(chunks, bytes))
    const onError = () => end(new BadRequest('The body was cut off.'))
    payload.on('data', onData).on('end', onEnd).on('error', onError)
  }
}

/** What was read so: nothing, where there was no body. @throws {Refusal} if there was no room for it */
export function bytesOf({ body }: FastifyRequest): Buffer {
  if (body instanceof Refusal) throw body
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

function tooLarge(most: number): Refusal {
  return new Refusal(413, `The body is too large: ${most / 1024} KiB are the most.`)
}

function tooMuch(): Refusal {
  const message = 'Too much is being sent here at once: send it again later.'
  return new Refusal(503, message, { retryAfterSeconds })
}
