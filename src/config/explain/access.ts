import { roles } from '../../access/role.ts'
import type { AccessRules } from '../rules.ts'
import { listWords, type Show } from './words.ts'

/** Who may sign in with GitHub, and what they may do, in words. */
export function explainAccess(access: AccessRules, show: Show): string[] {
  const named = new Set([...access.people, ...access.teams, ...Object.values(access.roles).flat()])
  const members = access.organizations.map((name) => `every member of ${show(name)}`)
  const all = listWords([...members, ...[...named].map(show)])
  const given = roles
    .toReversed()
    .filter((role) => role !== 'viewer' && access.roles[role].length > 0)
    .map((role) => `In every repository, ${listWords(access.roles[role].map(show))} may act as ${role}.`)
  return [
    `These may sign in with GitHub and see everything: ${all}.`,
    ...given,
    'Of those, whoever may administer a repository at GitHub is its admin here, too, whoever may maintain it is approver, and whoever may write to it is deployer.',
  ]
}
