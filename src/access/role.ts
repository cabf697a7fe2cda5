/** What somebody may do. Each role may do all that those before it may. */
export const roles = ['viewer', 'deployer', 'approver', 'admin'] as const
export type Role = (typeof roles)[number]

/** Whether a role is enough where another is needed; nobody's role is enough for nothing. Pure. */
export function isEnough(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(needed)
}

/** The higher of two roles. Pure. */
export function higher(one: Role | undefined, other: Role | undefined): Role | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return isEnough(one, other) ? one : other
}
