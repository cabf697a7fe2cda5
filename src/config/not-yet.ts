import type { Path } from './problem.ts'

/** What the grammar has and this version does not do: refused by name, since to pass over it would be to lie. */
const ofRepositories = ['notify']

/** Whether this version does not do yet what is set at this very place. */
export function isNotYet([top, repository, key, ...rest]: Path): boolean {
  if (top !== 'repositories' || repository === undefined || key === undefined) return false
  return rest.length === 0 && ofRepositories.includes(String(key))
}
