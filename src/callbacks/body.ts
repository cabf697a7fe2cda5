import { z } from 'zod'
import { BadRequest } from '../errors/bad-request.ts'
import { truncate } from '../text.ts'
import type { Telling } from './callbacks.ts'

/** What is told, as JSON. */
export const tellingSchema = z.object({
  state: z.enum(['in_progress', 'success', 'failure']),
  description: z.string().nullish(),
  log: z.string().nullish(),
})

const form =
  '{"state": "success" or "failure", "description": a line if you like}, or {"state": "in_progress", "log": a text}'

/**
 * What the body of a call tells, whatever it calls itself.
 *
 * @throws {BadRequest} that says what it must be
 */
export function readTelling(body: Buffer): Telling {
  const read = tellingSchema.safeParse(parse(body.toString('utf8')))
  if (!read.success) throw new BadRequest(`The body must be JSON: ${form}.`)
  const { state, description, log } = read.data
  return {
    ...(log ? { log } : {}),
    ...(state === 'in_progress' ? {} : { outcome: { state, description: line(description ?? '') } }),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** In one line, and no longer than GitHub takes. */
function line(text: string): string {
  return truncate(text.replace(/[\p{Cc}\s]+/gu, ' ').trim(), 140)
}
