import type { z } from 'zod'
import { mapping, oneOf, text } from './terms.ts'

/** `merge:`: when pull requests are merged by themselves. */
export const mergeSchema = mapping({
  when: oneOf('green').optional().meta({ description: 'Default: green.' }),
  label: text.optional().meta({
    description:
      'Pull requests that carry this label are merged. Default: no label asks for it, only the comment /merge does.',
  }),
  method: oneOf('merge', 'squash', 'rebase').optional().meta({
    description: 'Default: the first of merge, squash and rebase that the repository allows.',
  }),
})

export type MergeEntry = z.output<typeof mergeSchema>
