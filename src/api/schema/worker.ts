import { z } from 'zod'
import { time } from './terms.ts'

/** The workers, as the API gives them. */
export const workersSchema = z.object({
  workers: z.array(
    z
      .object({
        name: z.string().meta({
          description: 'Its machine and process, as the record of a deployment has it',
          examples: ['deploy-1-4711'],
        }),
        labels: z.array(z.string()).meta({ description: 'WORKER_LABELS', examples: [['eu', 'production']] }),
        version: z.string(),
        concurrency: z.int().meta({ description: 'How many deployments it runs side by side' }),
        startedAt: time,
      })
      .meta({ id: 'Worker' }),
  ),
  unattended: z
    .array(
      z.object({
        what: z.enum(['deployments', 'checks']),
        labels: z.array(z.string()).meta({ description: 'What a worker must have for them' }),
        since: time,
      }),
    )
    .meta({ description: 'What nobody is running for' }),
})

export type WorkersAnswer = z.output<typeof workersSchema>
