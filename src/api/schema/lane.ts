import { z } from 'zod'
import { deploymentSchema } from './deployment.ts'
import { freezeSchema, lockSchema } from './place.ts'
import { fullName, repositoryId } from './terms.ts'

/** How an environment stands, as the API gives it. */
export const laneSchema = z
  .object({
    repository: fullName,
    repositoryId,
    environment: z.string(),
    health: z.enum(['verified', 'deployed', 'failing', 'nothing']).meta({
      description: 'Whether what is deployed is known to work; `failing`: something failed since',
    }),
    current: deploymentSchema.nullable().meta({ description: 'The last success' }),
    failed: deploymentSchema.nullable().meta({ description: 'What failed since' }),
    running: deploymentSchema.nullable(),
    waiting: z.array(deploymentSchema),
    waitsFor: z.string().nullable().meta({ description: 'What the first that waits waits for' }),
    behind: z.int().nullable().meta({
      description: 'How many commits of the deployed branch it lacks; null while that is not known',
    }),
    behindUnknown: z.string().nullable().meta({ description: 'Why that cannot be known' }),
    locks: z.array(lockSchema),
    freezes: z.array(freezeSchema),
  })
  .meta({ id: 'Lane' })

/** How an environment stands, as the API gives it. */
export type PresentedLane = z.output<typeof laneSchema>
