import { z } from 'zod'
import { time } from './terms.ts'

const band = z.enum(['elite', 'high', 'medium', 'low']).nullable()

const seconds = z.int().nullable()

const spread = z
  .object({
    count: z.int(),
    medianSeconds: seconds,
    p90Seconds: seconds.meta({ description: 'Nine of ten took no longer' }),
  })
  .meta({ id: 'Spread' })

const summary = z
  .object({
    from: time.nullable(),
    until: time.nullable(),
    deployments: z.int().meta({ description: 'Changes that were deployed with success' }),
    changes: z.int().meta({ description: 'Changes whose deployment ended' }),
    failed: z.int().meta({ description: 'Of those, how many failed or were rolled back' }),
    changeFailureRate: z.number().nullable().meta({ description: 'From 0 to 1' }),
    leadTime: spread,
    timeToRestore: spread,
  })
  .meta({ id: 'Summary' })

const figures = z.object({
  environments: z.int().meta({ description: 'How many were deployed to' }),
  deploymentsPerDay: z.number().nullable().meta({ description: 'Of one environment, on average' }),
  bands: z
    .object({
      deploymentFrequency: band,
      leadTime: band,
      changeFailureRate: band,
      timeToRestore: band,
    })
    .meta({ description: 'The performance in each, where there is something to judge by' }),
  total: summary,
  step: z.enum(['day', 'week']).meta({ description: 'How long each bucket is' }),
  buckets: z.array(summary).meta({ description: 'Oldest first' }),
})

/** The four figures of DORA, and of what they are. */
export const figuresSchema = figures
  .extend({ days: z.int(), repository: z.string().nullable(), environment: z.string().nullable() })
  .meta({ id: 'Figures' })

export type PresentedFigures = z.output<typeof figures>
export type PresentedSummary = z.output<typeof summary>
export type PresentedSpread = z.output<typeof spread>
