import type { DeploymentRecord, RecordedStatus } from '../deployments/record.ts'
import { isoTime } from './present-deployment.ts'
import type { TimelineEntry } from './schema/deployment.ts'

/** A deployment's life so far, oldest first. Pure. */
export function timelineOf(record: DeploymentRecord, statuses: RecordedStatus[]): TimelineEntry[] {
  const shortSha = record.sha.slice(0, 7)
  return [
    {
      at: isoTime(Date.parse(record.createdAt)),
      what: 'created',
      text: `${record.creator} created the deployment of ${shortSha} to ${record.environment} at GitHub.`,
    },
    ...statuses.map((status) => ({
      at: isoTime(status.at),
      what: whatOf(status),
      text: `${wordsOf(record, status)}${status.sent ? '' : ' GitHub has not been told yet.'}`,
    })),
  ]
}

function whatOf({ state }: RecordedStatus): TimelineEntry['what'] {
  if (state === 'pending') return 'accepted'
  if (state === 'queued') return 'waiting'
  return state === 'in_progress' ? 'started' : 'finished'
}

function wordsOf(record: DeploymentRecord, status: RecordedStatus): string {
  const { delivery, worker, tries, startedAt, workflowRun } = record
  const { state, description } = status
  if (workflowRun !== undefined && state === 'in_progress') return 'GitHub Actions may deploy it.'
  switch (state) {
    case 'pending':
      return `A worker accepted it; delivery ${delivery} had asked for it.`
    case 'queued':
      return `It waited: ${description}`
    case 'in_progress': {
      const again = tries > 1 ? ` It was begun ${tries} times, the last time by ${worker}.` : ''
      return `${tries > 1 || worker === undefined ? 'A worker' : worker} began the work.${again}`
    }
    case 'success':
      return `It succeeded: ${description}`
    case 'failure':
      return `It failed: ${description}`
    case 'error':
      return `It could not be run to its end: ${description}`
    case 'inactive':
      return startedAt === undefined
        ? `It ended before it began: ${description}`
        : `It is no longer active: ${description}`
  }
}
