import type { FastifyInstance, HTTPMethods } from 'fastify'
import { pathOf } from '../errors/answer-error.ts'
import { Refusal } from '../errors/refusal.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const satisfies HTTPMethods[]

/**
 * Hears of all routes that are added after it. What it gives is to be called after the last: it then answers the methods that a
 * path does not take, OPTIONS with what it does, the others with 405.
 */
export function answerOtherMethods(app: FastifyInstance): () => void {
  const taken = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ path, method }) => {
    const ofPath = taken.get(path) ?? new Set()
    taken.set(path, ofPath)
    for (const each of [method].flat()) ofPath.add(each)
  })

  return () => {
    for (const [path, ofPath] of [...taken]) {
      const allowed = [...ofPath, 'OPTIONS'].join(', ')
      const other = methods.filter((method) => !ofPath.has(method))
      app.route({
        url: path.slice(app.prefix.length),
        method: other,
        config: { role: 'signed-in', refusesMethod: true },
        schema: { hide: true },
        // Before a body is read, which may be anything.
        onRequest: async (request, reply) => {
          reply.header('Allow', allowed)
          if (request.method === 'OPTIONS') return
          throw new Refusal(405, `${pathOf(request)} does not take ${request.method}, only ${allowed}.`)
        },
        handler: async (_request, reply) => reply.code(204).send(),
      })
    }
  }
}
