import { STATUS_CODES } from 'node:http'
import type { SwaggerTransform } from '@fastify/swagger'
import type { FastifySchema, RouteOptions } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'

/** The shape of every error's answer (answer-error.ts). */
const errorSchema = z
  .object({
    statusCode: z.int(),
    error: z.string().meta({ description: "The status's name" }),
    message: z.string().meta({ description: 'What is wrong, and what to do about it' }),
  })
  .meta({ id: 'Error' })

/** What the document says of a route: its schema, and what follows from it, which are its errors and who may use it. */
export const describeRoute: SwaggerTransform = ({ schema, url, route, ...document }) => {
  const isMeant = schema?.operationId !== undefined || url.startsWith('/api/')
  if (!isMeant || schema?.hide) return { schema: { hide: true }, url }
  const { documented, refusals, ...own } = schema ?? {}
  const whole: FastifySchema = { ...own, ...documented }
  return jsonSchemaTransform({
    ...document,
    route,
    url: url.replace(/\*$/, `:${rest}`),
    schema: {
      ...whole,
      ...(whole.params instanceof z.ZodObject ? { params: withNamedRest(whole.params) } : {}),
      description: [own.description, roleWords(route)].filter((words) => words !== undefined).join(' '),
      response: {
        ...responsesOf(own),
        ...responsesOf(documented),
        ...refusalsOf(whole, route, refusals ?? []),
      },
      security: isOpen(route) ? [] : [{ token: [] }],
    },
  })
}

/** Where the rest of a path is a parameter, it is an environment, whose name may hold slashes. */
const rest = 'environment'

function withNamedRest(params: z.ZodObject): z.ZodObject {
  const named = Object.entries(params.shape).map(([name, schema]) => [name === '*' ? rest : name, schema])
  return z.object(Object.fromEntries(named))
}

function responsesOf(schema: { response?: unknown } | undefined): object {
  return typeof schema?.response === 'object' && schema.response !== null ? schema.response : {}
}

/** The errors that a route answers with: those that follow from what it takes, and its own. */
function refusalsOf(
  { params, querystring, headers, body }: FastifySchema,
  route: RouteOptions,
  own: readonly number[],
) {
  const statuses = new Set([
    ...(querystring || headers || body ? [400] : []),
    ...(isOpen(route) ? [] : [401, 403]),
    ...(params ? [404] : []),
    ...own,
    ...(isOpen(route) ? [] : [503]),
  ])
  const content = { 'application/json': { schema: errorSchema } }
  const answers = [...statuses].map((status) => [
    status,
    { description: STATUS_CODES[status] ?? '', content },
  ])
  return { ...Object.fromEntries(answers), default: { description: 'Any other error', content } }
}

function isOpen(route: RouteOptions): boolean {
  return route.config?.role === 'anybody'
}

function roleWords({ config }: RouteOptions): string | undefined {
  if (config?.role === undefined || config.role === 'anybody') return undefined
  return config.role === 'signed-in' ? 'Needs any role.' : `Needs the role ${config.role}.`
}
