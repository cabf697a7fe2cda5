import type { z } from 'zod'
import { readPart } from '../openapi/schemas.ts'

/**
 * Reads the query of a page, in the API's words. Fields that a form left empty mean the same as none.
 *
 * @throws {Refusal} 400 that names everything which is unknown or malformed
 */
export function readQuery<T extends z.ZodType>(schema: T, query: unknown): z.output<T> {
  const read = readPart('querystring', schema, given(query))
  if ('error' in read) throw read.error
  return read.value
}

function given(query: unknown): Record<string, unknown> {
  if (typeof query !== 'object' || query === null) return {}
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
}
