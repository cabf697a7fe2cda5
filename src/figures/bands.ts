/**
 * How well a team delivers, by DORA's research. The thresholds are those of the report of 2023, the newest in which each level is
 * better than the one below it in all four figures: Elite deploys on demand (several times a day), High between once a day and once a
 * week, Medium between once a week and once a month; a change takes less than a day, a week, a month; 5 %, 10 %, 15 % of the
 * changes fail; a failed deployment is made good in less than an hour, a day, a week.
 *
 * @see https://dora.dev/research/2023/dora-report/ "Accelerate State of DevOps Report 2023", software delivery performance
 */
export type Band = 'elite' | 'high' | 'medium' | 'low'

const hourMs = 3600_000
const dayMs = 24 * hourMs
const weekMs = 7 * dayMs
const monthMs = 30 * dayMs

/** By how often a service is deployed in a day, on average. Pure. */
export function bandOfFrequency(perDay: number): Band {
  if (perDay > 1) return 'elite'
  return perDay >= 1 / 7 ? 'high' : perDay >= 1 / 30 ? 'medium' : 'low'
}

/** By how long a change takes to production. Pure. */
export function bandOfLeadTime(ms: number): Band {
  if (ms < dayMs) return 'elite'
  return ms <= weekMs ? 'high' : ms <= monthMs ? 'medium' : 'low'
}

/** By the share of changes that fail, 0 to 1. Pure. */
export function bandOfFailureRate(rate: number): Band {
  if (rate <= 0.05) return 'elite'
  return rate <= 0.1 ? 'high' : rate <= 0.15 ? 'medium' : 'low'
}

/** By how long a failure lasts. Pure. */
export function bandOfRestore(ms: number): Band {
  if (ms < hourMs) return 'elite'
  return ms < dayMs ? 'high' : ms <= weekMs ? 'medium' : 'low'
}
