import { address, list, mapping, oneOf, text } from './terms.ts'

/** `notify:`: who is told of what happens. */
export const notifySchema = list(
  mapping({
    slack: address.optional(),
    hubot: mapping({ url: address, room: text }).optional(),
    on: list(oneOf('pending', 'queued', 'in_progress', 'success', 'failure', 'error', 'inactive')).optional(),
  }),
)
