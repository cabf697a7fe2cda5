import type { Scope } from './scope.ts'

/** Whether an environment is in a scope. GitHub ignores case in the names of environments. Pure. */
export function isInScope(scope: Scope, repositoryId: number, environment: string): boolean {
  if (scope.kind === 'everything') return true
  if (scope.repositoryId !== repositoryId) return false
  return scope.kind === 'repository' || scope.environment.toLowerCase() === environment.toLowerCase()
}
