import type { CiFinished } from '../jobs/job.ts'
import { truncate } from '../text.ts'
import type { Decision } from './decision.ts'

/** Longer than most names of checks; it is only for the log. */
const reportLimit = 140

/** Something was reported on a commit: what waits for it looks again. */
export function ciFinished({ id, report, ...data }: CiFinished & { id: string }): Decision {
  const job = { ...data, report: truncate(report, reportLimit) }
  return { outcome: 'jobs', jobs: [{ name: 'ci-finished', id, data: job }] }
}
