import type { Right, Subject } from '../needs.ts'

/**
 * The scopes of a classic token of which one is enough, for public repositories and for private ones.
 *
 * @see https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps#available-scopes
 */
const enough: Record<Subject, (right: Right) => string[]> = {
  contents: () => ['repo', 'public_repo'],
  deployments: () => ['repo', 'public_repo', 'repo_deployment'],
  statuses: () => ['repo', 'public_repo', 'repo:status'],
  checks: () => ['repo', 'public_repo'],
  pull_requests: () => ['repo', 'public_repo'],
  repository_hooks: ({ access }) => [
    ...['repo', 'admin:repo_hook', 'write:repo_hook'],
    ...(access === 'read' ? ['read:repo_hook'] : []),
  ],
  members: () => ['read:org', 'write:org', 'admin:org'],
}

/** The rights that a classic token with these scopes has not. Pure. */
export function missingByScopes(
  scopes: readonly string[],
  rights: readonly Right[],
  isPrivate: boolean,
): Right[] {
  return rights.filter((right) => {
    if (right.access === 'read' && !isPrivate && readByAll.includes(right.subject)) return false
    return !enough[right.subject](right).some(
      (scope) => scopes.includes(scope) && !(isPrivate && scope === 'public_repo'),
    )
  })
}

/** What of a public repository everybody may read. */
const readByAll: Subject[] = ['contents', 'deployments', 'statuses', 'checks', 'pull_requests']

/** The scopes that a classic token has, by the header of any answer; undefined: it is none. Pure. */
export function scopesIn(header: string | number | undefined): string[] | undefined {
  if (header === undefined) return undefined
  return String(header)
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}
