import { z } from 'zod'
import { outcomes } from '../../deliveries/arrival.ts'
import { repositoryId, time } from './terms.ts'

/** A delivery as it arrived once, as the API gives it. */
export const arrivalSchema = z
  .object({
    id: z.string(),
    delivery: z.string().meta({ description: 'The GUID; redeliveries have the same' }),
    event: z.string(),
    action: z.string().nullable(),
    repository: z.string().nullable(),
    repositoryId: repositoryId.nullable(),
    sender: z.string().nullable(),
    outcome: z.enum(outcomes),
    reason: z.string().nullable().meta({ description: 'Why it asks for nothing, or could not be taken' }),
    jobs: z.array(z.object({ name: z.string(), id: z.string() })),
    receivedAt: time,
  })
  .meta({ id: 'Arrival' })

/** A delivery as it arrived once, as the API gives it. */
export type PresentedArrival = z.output<typeof arrivalSchema>

/** A delivery with all its arrivals. */
export const deliverySchema = z
  .object({ delivery: z.string(), arrivals: z.array(arrivalSchema).meta({ description: 'Newest first' }) })
  .meta({ id: 'Delivery' })
