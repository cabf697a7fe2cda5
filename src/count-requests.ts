import type { FastifyInstance } from 'fastify'
import { within } from './within.ts'

/**
 * Counts what is under way. The function it gives resolves when all of that is answered, or after `limitMs`:
 * call it before connections are closed. Node by itself closes only connections that have been idle; one that a
 * client opened ahead of time would keep it waiting.
 */
export function countRequests(app: FastifyInstance): (limitMs: number) => Promise<void> {
  let underWay = 0
  let allAnswered = () => {}
  app.addHook('onRequest', (_request, reply, done) => {
    underWay += 1
    reply.raw.once('close', () => {
      underWay -= 1
      if (underWay === 0) allAnswered()
    })
    done()
  })
  return async (limitMs) => {
    if (underWay === 0) return
    const answered = new Promise<void>((resolve) => {
      allAnswered = resolve
    })
    await within(limitMs, answered, 'late').catch(() => {
      app.log.warn({ underWay }, 'some requests were not answered in time')
    })
  }
}
