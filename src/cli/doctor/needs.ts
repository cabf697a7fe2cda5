import type { RepositoryRules, Rules } from '../../config/rules.ts'
import { hookEvents } from '../../github/app/needs.ts'

/** What of a repository a token may touch, by GitHub's names. */
export type Subject =
  | 'contents'
  | 'deployments'
  | 'statuses'
  | 'checks'
  | 'pull_requests'
  | 'repository_hooks'
  | 'members'

/** A right that the configuration needs of the token. */
export interface Right {
  subject: Subject
  access: 'read' | 'write'
  /** What it is needed for. */
  why: string
  /** Whether the rest works without it. */
  optional?: boolean
}

/** Events that only some configurations need, and which. */
const onlyFor: Record<string, (rules: RepositoryRules) => boolean> = {
  push: ({ environments, others }) =>
    [...environments, ...(others ? [others] : [])].some(({ on }) => on === 'push' || on === 'tag'),
  pull_request_review: ({ merge }) => merge !== undefined,
  merge_group: ({ checks }) => checks.length > 0,
}

/** The events that a webhook must send for what the rules of a repository ask for. Pure. */
export function neededEvents(rules: RepositoryRules): string[] {
  return hookEvents().filter((event) => onlyFor[event]?.(rules) ?? true)
}

/** The rights that the token must have for what the rules of a repository ask for. Pure. */
export function neededRights(rules: RepositoryRules, access: Rules['access']): Right[] {
  return [
    rules.merge === undefined
      ? { subject: 'contents', access: 'read', why: 'to check out and compare commits' }
      : { subject: 'contents', access: 'write', why: 'to merge pull requests' },
    { subject: 'deployments', access: 'write', why: 'to make deployments and report how they go' },
    rules.checks.length === 0
      ? { subject: 'statuses', access: 'read', why: 'to see whether CI is green' }
      : { subject: 'statuses', access: 'write', why: 'to report the checks of pull requests' },
    { subject: 'checks', access: 'read', why: 'to see whether CI is green' },
    { subject: 'pull_requests', access: 'write', why: 'to answer commands in comments' },
    {
      ...{ subject: 'repository_hooks', access: 'write' },
      ...{ why: 'to have missed deliveries sent again, and to look after the webhook', optional: true },
    },
    ...(asksForMembers(access)
      ? [{ subject: 'members', access: 'read', why: 'to see who is in the teams under access' } as const]
      : []),
  ]
}

function asksForMembers({ organizations, teams, roles }: Rules['access']): boolean {
  const inRoles = Object.values(roles).flat()
  return organizations.length > 0 || teams.length > 0 || inRoles.some((each) => each.startsWith('@'))
}
