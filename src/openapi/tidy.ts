import { STATUS_CODES } from 'node:http'

/** Those parts of a document that are touched here. */
interface Document {
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, object> }
}

interface Operation {
  requestBody?: { required?: boolean; content?: Record<string, { schema?: BodySchema }> }
  responses?: Record<string, { description?: string; headers?: object }>
}

interface BodySchema {
  properties?: object
  required?: string[]
}

/** What the libraries leave to be said: names answers, lets bodies be left out, and leaves out the schemas that nothing refers to. Pure. */
export function tidy(document: Document): object {
  const { paths = {}, components = {} } = document
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    if (operation.requestBody) operation.requestBody.required = isNeeded(operation.requestBody)
    for (const [status, answer] of Object.entries(operation.responses ?? {})) {
      if (answer.description === 'Default Response') answer.description = STATUS_CODES[status] ?? ''
      if (status === '429' || status === '503') answer.headers = { 'Retry-After': retryAfter }
    }
  }
  return { ...document, components: { ...components, schemas: usedBy(paths, components.schemas ?? {}) } }
}

/** No body is an empty one: it may be left out where each of its fields may. */
function isNeeded({ content = {} }: NonNullable<Operation['requestBody']>): boolean {
  return Object.values(content).some(({ schema }) => !schema?.properties || schema.required !== undefined)
}

const retryAfter = { description: 'In how many seconds to try again', schema: { type: 'integer' } }

/** The schemas that a part refers to, and those that these refer to. */
function usedBy<T>(
  part: unknown,
  schemas: Record<string, T>,
  used: Record<string, T> = {},
): Record<string, T> {
  for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    const schema = schemas[name]
    if (schema === undefined || name in used) continue
    used[name] = schema
    usedBy(schema, schemas, used)
  }
  return used
}
