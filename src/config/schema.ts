import { z } from 'zod'
import { repositorySchema } from './schema/repository.ts'
import { mapping } from './schema/terms.ts'
import { freezesSchema } from './schema/times.ts'

/** The grammar of the whole file. */
export const configSchema = mapping({
  repositories: z.record(z.string(), repositorySchema, { error: 'a mapping of repositories' }).meta({
    description: 'By OWNER/NAME, where * and ? may stand for letters; the most exact name wins.',
  }),
  freezes: freezesSchema.optional(),
})

/** The file as it is written, with durations in milliseconds. */
export type ConfigFile = z.output<typeof configSchema>
