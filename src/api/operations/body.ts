import { z } from 'zod'
import { readDuration } from '../../config/duration.ts'
import { Refusal } from '../../refusal.ts'

/** A text of a body; longer ones are no reasons, but something that was pasted by mistake. */
const longest = 2000

const must = (what: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is missing' : `must be ${what}`),
})

/** A text that says something. */
export const words = z
  .string(must('a text'))
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(longest, { error: `must have at most ${longest} characters` })

/** The name of a branch, a tag, an environment. */
export const name = z
  .string(must('a text'))
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(255, { error: 'must have at most 255 characters' })

/** A repository's full name. */
export const repositoryName = z
  .string(must('a text'))
  .regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, { error: 'must be a full name such as acme/shop' })

export const yesOrNo = z.boolean(must('true or false'))

/** A deployment's number. */
export const number = z
  .int(must("a deployment's number"))
  .positive({ error: "must be a deployment's number" })

/** Any JSON object. */
export const object = z.record(z.string(), z.unknown(), must('an object'))

/** One of these words. */
export function oneOf<const T extends readonly string[]>(all: T) {
  return z.enum(all, { error: `must be one of ${all.join(', ')}` })
}

/** A moment: `2h` (from now), or a time in ISO 8601; in milliseconds since 1970. */
export const moment = z
  .string(must('a text'))
  .refine((text) => toMoment(text, 0) !== undefined, {
    error: 'must be a time such as 2026-12-24T18:00:00Z, or how long from now, such as 90m or 2h',
  })
  .transform((text) => toMoment(text, Date.now()) ?? 0)

function toMoment(text: string, nowMs: number): number | undefined {
  const forMs = readDuration(text)
  if (forMs !== undefined) return nowMs + forMs
  const isIso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text)
  const at = isIso ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** Reads a body, for which none is `{}`; @throws {Refusal} 400 that names every field which is unknown, missing or malformed */
export function readBody<T extends z.ZodRawShape>(shape: T, body: unknown): z.output<z.ZodObject<T>> {
  const result = z.strictObject(shape).safeParse(body ?? {})
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')} means nothing here`
    return issue.path.length === 0 ? 'it must be a JSON object' : `${issue.path.join('.')} ${issue.message}`
  })
  throw new Refusal(400, `The body is not understood: ${problems.join('; ')}.`)
}
