import type { AccessRules } from './rules.ts'
import type { AccessEntry } from './schema/access.ts'

/** Fills in what `access` leaves out: nobody. */
export function toAccessRules(entry: AccessEntry | undefined): AccessRules {
  const { organizations = [], teams = [], people = [], roles = {} } = entry ?? {}
  const { admin = [], approver = [], deployer = [], viewer = [] } = roles
  return { organizations, teams, people, roles: { viewer, deployer, approver, admin } }
}

/** Whether nobody may sign in with GitHub. */
export function isNobody({ organizations, teams, people, roles }: AccessRules): boolean {
  return [organizations, teams, people, ...Object.values(roles)].every((list) => list.length === 0)
}
