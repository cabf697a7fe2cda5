import type { JobRequest } from '../jobs/job.ts'

/** What an event asks for. */
export type Decision =
  | { outcome: 'pong' }
  | { outcome: 'ignored'; reason: string }
  | { outcome: 'jobs'; jobs: JobRequest[] }

/** The decision on an event from a repository that the rules do not name. */
export function ignoredRepository(fullName: string): Decision {
  return { outcome: 'ignored', reason: `${fullName} is not in livraison.yml.` }
}

/** The decision on an action of an event that asks for nothing. */
export function ignoredAction(event: string, action: string | undefined): Decision {
  return {
    outcome: 'ignored',
    reason:
      action === undefined
        ? `This ${event} event names no action.`
        : `Nothing is done on ${event} ${action}.`,
  }
}
