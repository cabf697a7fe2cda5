import type { Access } from '../access/access.ts'
import type { Actor } from '../access/actor.ts'
import { isEnough, type Role } from '../access/role.ts'
import { Refused } from './refused.ts'

/** What is done, as people are told that they may not; each needs a role. */
export const neededRoles = {
  deploy: 'deployer',
  'force a deployment': 'approver',
  'cancel a deployment': 'deployer',
  'retry a deployment': 'deployer',
  'roll a deployment back': 'deployer',
  'promote a deployment': 'deployer',
  'approve or reject a deployment': 'approver',
  'override what holds a deployment': 'approver',
  lock: 'deployer',
  'unlock what they locked': 'deployer',
  'unlock what others locked': 'approver',
  'lock or unlock everything': 'admin',
  'declare or end a freeze': 'approver',
  'declare or end a freeze of everything': 'admin',
  'replay a delivery': 'deployer',
  'have a pull request merged': 'deployer',
} as const satisfies Record<string, Role>

export type Deed = keyof typeof neededRoles

/** @throws {Refused} unless the role of whoever asks is enough for it, in a repository or everywhere */
export async function authorise(
  access: Pick<Access, 'roleOf'>,
  { actor, deed, repository }: { actor: Actor; deed: Deed; repository?: string | undefined },
): Promise<void> {
  const role = await access.roleOf(actor, repository)
  if (isEnough(role, neededRoles[deed])) return
  throw new Refused('forbidden', mayNotWords(actor.name, deed, role, repository))
}

/** Who may not do what, what it needs and what they have. Pure. */
export function mayNotWords(
  name: string,
  deed: Deed,
  role: Role | undefined,
  repository: string | undefined,
): string {
  const where = repository === undefined ? '' : ` in ${repository}`
  const has = role === undefined ? 'they have none' : `theirs is ${role}`
  return `${name} may not ${deed}${where}: that needs the role ${neededRoles[deed]}, and ${has}.`
}
