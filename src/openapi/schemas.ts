import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { Refusal } from '../errors/refusal.ts'

declare module 'fastify' {
  interface FastifySchema {
    /** What the OpenAPI document says of a request or an answer that the route reads, or writes, by itself. */
    documented?: Documented
    /** The statuses that the route refuses with, besides those that follow from what it takes (document.ts). */
    refusals?: readonly number[]
  }
}

/** Parts of a route that are documented only. */
export interface Documented {
  params?: z.ZodObject
  querystring?: z.ZodObject
  headers?: z.ZodObject
  body?: z.ZodType
  response?: Record<number, unknown>
}

/**
 * Makes the zod schemas of a plugin's routes what requests are checked with, and gives the plugin with their types. Answers
 * are not checked again: their types do that, and the tests.
 */
export function withSchemas(app: FastifyInstance) {
  app.setValidatorCompiler<z.ZodType>(
    ({ schema, httpPart = 'body' }) =>
      (data) =>
        readPart(httpPart, schema, data),
  )
  app.setSerializerCompiler(() => JSON.stringify)
  return app.withTypeProvider<ZodTypeProvider>()
}

/** A plugin's instance with the types of its routes' schemas. */
export type ApiApp = ReturnType<typeof withSchemas>

/** What a schema makes of a part of a request, or what is wrong with it, in words. No body is an empty one. */
export function readPart<T extends z.ZodType>(
  part: string,
  schema: T,
  data: unknown,
): { value: z.output<T> } | { error: Refusal } {
  const read = schema.safeParse(part === 'body' ? (data ?? {}) : data, { error: inWords })
  return read.success ? { value: read.data } : { error: refusalOf(part, read.error.issues) }
}

/** How what a schema expects is called. */
const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
}

/** What is said where a schema has no words of its own. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'is missing' : `must be ${kinds[issue.expected] ?? issue.expected}`
  if (issue.code === 'too_small' && issue.origin === 'string') return 'must not be empty'
  return undefined
}

/** Names everything that is unknown or malformed. A path that is malformed leads nowhere. */
function refusalOf(part: string, issues: z.core.$ZodIssue[]): Refusal {
  const problems = issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')} means nothing here`
    return issue.path.length === 0 ? 'it must be a JSON object' : `${issue.path.join('.')} ${issue.message}`
  })
  const what = part === 'querystring' ? 'query' : part === 'params' ? 'path' : part
  return new Refusal(part === 'params' ? 404 : 400, `The ${what} is not understood: ${problems.join('; ')}.`)
}
