import { createHash } from 'node:crypto'

/**
 * The id of a check, fit for an address: what GitHub keeps one state of - a context of a commit - is one check,
 * whichever pull requests want it. GitHub ignores the case of contexts.
 */
export function checkIdOf(repositoryId: number, sha: string, context: string): string {
  const what = JSON.stringify([repositoryId, sha, context.toLowerCase()])
  return createHash('sha256').update(what).digest('hex').slice(0, 24)
}
