import { z } from 'zod'
import { accessSchema } from './schema/access.ts'
import { notifySchema } from './schema/notify.ts'
import { peopleSchema } from './schema/people.ts'
import { repositorySchema } from './schema/repository.ts'
import { mapping } from './schema/terms.ts'
import { freezesSchema } from './schema/times.ts'

/** The grammar of the whole file. */
export const configSchema = mapping({
  repositories: z.record(z.string(), repositorySchema, { error: 'a mapping of repositories' }).meta({
    description: 'By OWNER/NAME, where * and ? may stand for letters; the most exact name wins.',
  }),
  freezes: freezesSchema.optional(),
  notify: notifySchema.optional().meta({
    description: 'Who is told of what happens in every repository that is named here.',
  }),
  people: peopleSchema.optional().meta({ description: 'Who is who in the chats.' }),
  access: accessSchema.optional().meta({
    description: 'Who may sign in with GitHub, and what they may do. Default: nobody may.',
  }),
})

/** The file as it is written, with durations in milliseconds. */
export type ConfigFile = z.output<typeof configSchema>
