import { z } from 'zod'

/*
 * The words that the schemas of queries and paths are written in. An error goes on after the parameter's name: "must be ...".
 */

/** How many of a list's entries are given, unless the query says otherwise. */
const usualLimit = 50
const highestLimit = 200

/** The query parameter `limit`. */
export const limit = z
  .string()
  .refine((value) => /^[1-9]\d{0,2}$/.test(value) && Number(value) <= highestLimit, {
    error: `must be a whole number from 1 to ${highestLimit}`,
  })
  .transform(Number)
  .default(usualLimit)
  .meta({
    type: 'integer',
    minimum: 1,
    maximum: highestLimit,
    default: usualLimit,
    description: 'How many to give at most',
  })

/** A text that is a repository's full name. */
export const fullNameFrom = (text: z.ZodString) =>
  text
    .regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, { error: 'must be a full name such as acme/shop' })
    .meta({ description: "A repository's full name, in any case", examples: ['acme/shop'] })

/** A query parameter with a repository's full name. */
export const repositoryName = fullNameFrom(z.string({ error: 'must be given once' }))

/** A query parameter of any text. */
export const text = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be given once') })
  .min(1, { error: 'must not be empty' })

/** A number that stands for a deployment, in a query or a path. */
export const deploymentId = z
  .string({ error: 'must be given once' })
  .refine((value) => /^[1-9]\d{0,15}$/.test(value) && Number.isSafeInteger(Number(value)), {
    error: "must be a deployment's number",
  })
  .transform(Number)
  .meta({ type: 'integer', minimum: 1, description: "A deployment's number at GitHub" })

/** The id of an entry of a Redis stream. */
export const streamId = z
  .string({ error: 'must be given once' })
  .regex(/^\d{1,19}-\d{1,19}$/, { error: 'must be an id such as 1700000000000-0' })
  .meta({ description: 'The id of an entry', examples: ['1700000000000-0'] })

/** A query parameter that is one of these words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` })
}

/** The address of the next page: this one's with another `before`; null when there is none. */
export function nextPage(address: string, before: string | number | undefined): string | null {
  if (before === undefined) return null
  const url = new URL(address)
  url.searchParams.set('before', String(before))
  return url.href
}
