import { z } from 'zod'
import { repositoryId, time } from './terms.ts'

/** A change as the stream of events gives it: its kind is the event's name. */
export const eventSchema = z
  .object({
    kind: z
      .enum(['deployment', 'lock', 'freeze', 'approval', 'delivery', 'comparison', 'missed'])
      .meta({ description: '`missed`: some events are no longer kept; read anew what you show' }),
    repository: z.string().nullable().meta({ description: 'Its `owner/name`; null: of no one repository' }),
    repositoryId: repositoryId.nullable(),
    environment: z.string().nullable(),
    deployment: z.int().nullable(),
    state: z.string().nullable().meta({ description: 'The state that the deployment has now' }),
    at: time.nullable(),
  })
  .meta({ id: 'Event' })

/** A change as the stream of events gives it. */
export type PresentedChange = z.output<typeof eventSchema>
