import type { Path } from './problem.ts'

/** What the grammar has and this version does not do: refused by name, since to pass over it would be to lie. */
const ofRepositories = ['notify']
const ofEnvironments = ['approvals', 'windows']

/** Whether this version does not do yet what is set at this very place. */
export function isNotYet([top, repository, key, environment, ofEnvironment, ...rest]: Path): boolean {
  if (top !== 'repositories' || repository === undefined || key === undefined) return false
  if (environment === undefined) return ofRepositories.includes(String(key))
  return key === 'environments' && rest.length === 0 && ofEnvironments.includes(String(ofEnvironment))
}
