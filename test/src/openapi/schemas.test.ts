// What is said of a request that a route's schema does not take.
import Fastify, { type InjectOptions } from 'fastify'
import t from 'tap'
import { z } from 'zod'
import { oneOf, text } from '../../../src/api/query.ts'
import { answerError } from '../../../src/errors/answer-error.ts'
import { withSchemas } from '../../../src/openapi/schemas.ts'

t.test('every problem of a part is named, in words', async (t) => {
  const plain = Fastify()
  plain.setErrorHandler(answerError)
  const app = withSchemas(plain)
  const schema = {
    params: z.object({ id: z.string().regex(/^\d+$/, { error: 'must be a number' }) }),
    querystring: z.strictObject({ state: oneOf(['on', 'off']).optional() }),
    body: z.strictObject({
      reason: text,
      force: z.boolean().optional(),
      times: z.int().default(1),
      name: z.string(),
    }),
  }
  app.post('/:id', { schema }, async ({ body, params, query }) => ({ body, params, query }))
  const ask = async (options: InjectOptions) => {
    const { statusCode, body } = await plain.inject({ method: 'POST', url: '/1', ...options })
    return { statusCode, ...(JSON.parse(body) as { message?: string }) }
  }
  const payload = { reason: 'x', name: 'y' }
  t.strictSame(await ask({ url: '/1?state=on', payload }), {
    statusCode: 200,
    body: { ...payload, times: 1 },
    params: { id: '1' },
    query: { state: 'on' },
  })
  const rows: [InjectOptions, statusCode: number, message: string][] = [
    [{ payload, url: '/x' }, 404, 'The path is not understood: id must be a number.'],
    [{ payload, url: '/1?state=x' }, 400, 'The query is not understood: state must be one of on, off.'],
    [{ payload, url: '/1?a=1&b=2' }, 400, 'The query is not understood: a, b means nothing here.'],
    [{}, 400, 'The body is not understood: reason is missing; name is missing.'],
    [{ payload: [] }, 400, 'The body is not understood: it must be a JSON object.'],
    [{ payload: { reason: '', name: 'y' } }, 400, 'The body is not understood: reason must not be empty.'],
    [
      { payload: { force: 'yes', times: 1.5, more: 1 } },
      400,
      'The body is not understood: reason is missing; force must be true or false; times must be a whole number; name is missing; more means nothing here.',
    ],
  ]
  for (const [options, statusCode, message] of rows) t.match(await ask(options), { statusCode, message })
  t.match(await ask({ payload: '{', headers: { 'content-type': 'application/json' } }), { statusCode: 400 })
})
