import type { PresentedChange } from '../schema/event.ts'

/** Which changes are wanted; what is left out matches all. */
export interface ChangeFilter {
  repository?: string | undefined
  environment?: string | undefined
  deployment?: number | undefined
}

/** What is on a whole repository, or on all, where it names no environment, or no repository. */
const wide: readonly string[] = ['lock', 'freeze', 'comparison']

/** Whether a change is one of those that are wanted. Pure. */
export function concerns(change: PresentedChange, wanted: ChangeFilter): boolean {
  if (change.kind === 'missed') return true
  const { repository, environment, deployment } = wanted
  if (deployment !== undefined && change.deployment !== deployment) return false
  const isIn = (place: string | undefined, found: string | null | undefined) =>
    place === undefined || (found == null ? wide.includes(change.kind) : found === place)
  return (
    isIn(repository?.toLowerCase(), change.repository?.toLowerCase()) && isIn(environment, change.environment)
  )
}
