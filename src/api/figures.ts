import { z } from 'zod'
import type { Figures, Spread, Summary } from '../figures/figures.ts'
import type { ApiApp } from '../openapi/schemas.ts'
import { isoTime } from './present-deployment.ts'
import { repositoryName, text } from './query.ts'
import {
  figuresSchema,
  type PresentedFigures,
  type PresentedSpread,
  type PresentedSummary,
} from './schema/figures.ts'
import type { Sources } from './sources.ts'

const [fewestDays, mostDays, usualDays] = [7, 365, 30]

/** The query of `GET /api/figures`. */
export const figuresQuery = z.strictObject({
  days: z
    .string({ error: 'must be given once' })
    .refine((value) => /^\d{1,3}$/.test(value) && Number(value) >= fewestDays && Number(value) <= mostDays, {
      error: `must be a whole number from ${fewestDays} to ${mostDays}`,
    })
    .transform(Number)
    .default(usualDays)
    .meta({ type: 'integer', minimum: fewestDays, maximum: mostDays, default: usualDays }),
  repository: repositoryName.optional(),
  environment: text.optional(),
})

const schema = {
  operationId: 'getFigures',
  tags: ['overview'],
  summary: 'The four figures by which DORA measures how well software is delivered',
  description: 'Of all that is production, or of the environment that is named.',
  querystring: figuresQuery,
  response: { 200: figuresSchema },
}

/** `GET /api/figures`: the four figures of DORA, of all that is production or of one environment. */
export async function figuresRoute(app: ApiApp, { figures, repositories }: Sources) {
  app.get('/figures', { config: { role: 'viewer', listsRepository: true }, schema }, async (request) => {
    const { days, repository, environment } = request.query
    const known = repository === undefined ? undefined : await repositories.named(repository)
    // A repository that is not known has deployed nothing; none has this number.
    const repositoryId = repository === undefined ? undefined : (known?.id ?? -1)
    const read = await figures.read(days, { repositoryId, environment })
    return { days, repository: repository ?? null, environment: environment ?? null, ...presentFigures(read) }
  })
}

/** Figures as the API gives them: times in ISO 8601, durations in seconds, null where there is nothing to measure. Pure. */
export function presentFigures({ total, bands, perDay, lanes, step, buckets }: Figures): PresentedFigures {
  return {
    environments: lanes,
    deploymentsPerDay: perDay ?? null,
    bands: {
      deploymentFrequency: bands.frequency ?? null,
      leadTime: bands.lead ?? null,
      changeFailureRate: bands.failureRate ?? null,
      timeToRestore: bands.restore ?? null,
    },
    total: presentSummary(total),
    step,
    buckets: buckets.map(presentSummary),
  }
}

function presentSummary({
  from,
  until,
  deployments,
  changes,
  failed,
  lead,
  restore,
}: Summary): PresentedSummary {
  return {
    from: isoTime(from),
    until: isoTime(until),
    deployments,
    changes,
    failed,
    changeFailureRate: changes === 0 ? null : failed / changes,
    leadTime: presentSpread(lead),
    timeToRestore: presentSpread(restore),
  }
}

function presentSpread({ count, median, p90 }: Spread): PresentedSpread {
  return { count, medianSeconds: secondsOf(median), p90Seconds: secondsOf(p90) }
}

function secondsOf(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms / 1000)
}
