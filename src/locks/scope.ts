/** What a lock or a freeze is on. Repositories are known by their ids; the names are for people, and as they were then. */
export type Scope =
  | { kind: 'everything' }
  | { kind: 'repository'; repositoryId: number; repository: string }
  | { kind: 'environment'; repositoryId: number; repository: string; environment: string }

/** What whoever watches is told that a scope is about. Pure. */
export function placeOf(scope: Scope): { repositoryId?: number; environment?: string } {
  if (scope.kind === 'everything') return {}
  const { repositoryId } = scope
  return scope.kind === 'repository' ? { repositoryId } : { repositoryId, environment: scope.environment }
}

/** A scope in words: `everything`, `acme/shop`, `production of acme/shop`. Pure. */
export function scopeWords(scope: Scope): string {
  if (scope.kind === 'everything') return 'everything'
  return scope.kind === 'repository' ? scope.repository : `${scope.environment} of ${scope.repository}`
}
