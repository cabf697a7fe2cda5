import { z } from 'zod'
import { checkSchema } from './check.ts'
import { environmentSchema } from './environment.ts'
import { mergeSchema } from './merge.ts'
import { notifySchema } from './notify.ts'
import { duration, list, mapping, text } from './terms.ts'
import { freezesSchema } from './times.ts'

/** One repository. */
export const repositorySchema = mapping({
  branch: text.optional().meta({
    description: "The deployed branch. Default: the repository's default branch.",
  }),
  gate: mapping({
    required: list(text).optional().meta({
      description: 'Statuses and checks that a commit must have, green, before it is deployed.',
    }),
    limit: duration('1s').optional().meta({ description: 'How long they are waited for. Default: 1h.' }),
  })
    .optional()
    .meta({ description: 'Nothing is deployed before all checks of its commit are green.' }),
  environments: z.record(z.string(), environmentSchema, { error: 'a mapping of environments' }).optional(),
  freezes: freezesSchema.optional(),
  checks: list(checkSchema).optional().meta({ description: 'Commands that are run on pull requests.' }),
  merge: mergeSchema.optional().meta({
    description: 'Pull requests that ask for it are merged once all that they need is there.',
  }),
  notify: notifySchema.optional().meta({
    description: 'Who is told of what happens here, besides those of everything.',
  }),
})

export type RepositoryEntry = z.output<typeof repositorySchema>
