import { z } from 'zod'
import { time } from './terms.ts'

/** How one of those who are told of deployments stands, as the API gives it. */
export const channelSchema = z
  .object({
    id: z.string().meta({ description: 'A digest of where it leads', examples: ['5d41402abc4b'] }),
    name: z.string().meta({ examples: ['slack (acme/shop)'] }),
    kind: z.string().meta({ description: 'slack, slack-bot, discord, teams, webhook, email or hubot' }),
    repository: z.string().nullable().meta({
      description: 'The repository, by name or pattern, whose it is; null: it is told of several',
    }),
    state: z.enum(['working', 'broken']),
    since: time.nullable().meta({ description: 'Since when it cannot be told; null while it can' }),
    reason: z.string().nullable().meta({ description: 'Why it cannot be told' }),
    waiting: z.int().meta({ description: 'How many notices wait for it' }),
    toldAt: time.nullable().meta({ description: 'When it was told last' }),
    letGo: z.int().meta({ description: 'How many notices it was never told' }),
    letGoAt: time.nullable().meta({ description: 'When the last of them was given up' }),
    letGoReason: z.string().nullable().meta({ description: 'Why it was' }),
  })
  .meta({ id: 'Channel' })

export type PresentedChannel = z.output<typeof channelSchema>
