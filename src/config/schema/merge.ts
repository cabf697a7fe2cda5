import { mapping, oneOf, text } from './terms.ts'

/** `merge:`: when pull requests are merged by themselves. */
export const mergeSchema = mapping({
  when: oneOf('green').optional(),
  label: text.optional(),
  method: oneOf('merge', 'squash', 'rebase').optional(),
})
