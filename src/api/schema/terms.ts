import { z } from 'zod'

/*
 * The words that the schemas of answers are written in. Whoever presents something has its type from its schema.
 */

/** A time in ISO 8601. */
export const time = z.string().meta({ format: 'date-time' })

/** The commit that something is about. */
export const sha = z
  .string()
  .meta({ description: 'A full sha', examples: ['9fceb02d0ae598e95dc970b74767f19372d61af8'] })

/** A repository's name as it is now. */
export const fullName = z.string().meta({ description: 'The `owner/name` that the repository has now' })

export const repositoryId = z.int().meta({ description: "The repository's id at GitHub, which it keeps" })

export const url = z.string().meta({ format: 'uri' })

/** A page of a list, by the list's name; `next` is the address of the page after it. */
export function pageOf<const Name extends string, T extends z.ZodType>(name: Name, item: T) {
  const list = { [name]: z.array(item) } as Record<Name, z.ZodArray<T>>
  return z.object({
    ...list,
    next: url.nullable().meta({ description: 'The next page; null after the last' }),
  })
}

/*
 * The parameters of paths. They are only described here: whether there is such a thing is found out by looking for it, and
 * what is no number, or no name, is the name of nothing (404).
 */
const owner = z.string().meta({ description: "The repository's owner", examples: ['acme'] })
const repo = z
  .string()
  .meta({ description: "The repository's name, as it is now or was then", examples: ['shop'] })

/** Something of a repository that has a number. */
export const numbered = z.object({
  owner,
  repo,
  id: z.string().meta({ description: "The deployment's number at GitHub", pattern: '^[1-9][0-9]{0,15}$' }),
})

/** A check of a repository. */
export const ofCheck = z.object({
  owner,
  repo,
  id: z.string().meta({ description: "The check's id", pattern: '^[0-9a-f]{24}$' }),
})

/** A delivery. */
export const ofDelivery = z.object({ guid: z.string().meta({ description: "GitHub's id of the delivery" }) })

/** A repository. */
export const ofRepository = z.object({ owner, repo })

/** An environment of a repository, whose slashes are escaped. */
export const ofPlace = z.object({
  owner,
  repo,
  environment: z
    .string()
    .meta({ description: 'The environment; slashes in its name as %2F', examples: ['production'] }),
})

/** An environment of a repository: the rest of the path, since its name may hold slashes. */
export const ofEnvironment = z.object({
  owner,
  repo,
  '*': z
    .string()
    .meta({ description: 'The environment; its name may hold slashes', examples: ['production'] }),
})

/** What whoever was cut off from a stream of events sends; browsers do so by themselves. */
export const resumeHeaders = z.object({
  'Last-Event-ID': z
    .string()
    .optional()
    .meta({ description: 'The id of the last event that came: the stream goes on after it' }),
})
