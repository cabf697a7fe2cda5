import { z } from 'zod'
import { readDuration } from '../config/duration.ts'
import { fullNameFrom } from './query.ts'

/*
 * The words that the schemas of bodies are written in. An error goes on after the field's name; that one is missing, or of
 * another kind, is said of all (openapi/schemas.ts).
 */

/** A text of a body; longer ones are no reasons, but something that was pasted by mistake. */
const longest = 2000

const textUpTo = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most, { error: `must have at most ${most} characters` })

/** A text that says something. */
export const words = textUpTo(longest)

/** The name of a branch, a tag, an environment. */
export const name = textUpTo(255)

/** A repository's full name. */
export const repository = fullNameFrom(z.string())

/** A deployment's number. */
export const number = z
  .int({ error: "must be a deployment's number" })
  .positive({ error: "must be a deployment's number" })

/** A moment: `2h` (from now), or a time in ISO 8601; in milliseconds since 1970. */
export const moment = z
  .string()
  .refine((text) => toMoment(text, 0) !== undefined, {
    error: 'must be a time such as 2026-12-24T18:00:00Z, or how long from now, such as 90m or 2h',
  })
  .transform((text) => toMoment(text, Date.now()) ?? 0)
  .meta({ description: 'A time in ISO 8601, or how long from now', examples: ['2026-12-24T18:00:00Z', '2h'] })

function toMoment(text: string, nowMs: number): number | undefined {
  const forMs = readDuration(text)
  if (forMs !== undefined) return nowMs + forMs
  const isIso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text)
  const at = isIso ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
