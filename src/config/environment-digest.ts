import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { EnvironmentRules } from './rules.ts'

/**
 * A short digest of all that the rules say of an environment: twelve hex digits. An approval counts only under the rules
 * that it was given under. Receiver and worker may have the file in different places: of a module, its name counts. Pure.
 */
export function environmentDigest(rules: EnvironmentRules): string {
  if (rules.writtenDigest !== undefined) return rules.writtenDigest
  const { executor } = rules
  const same = executor.kind === 'use' ? { ...executor, path: basename(executor.path) } : executor
  return createHash('sha256')
    .update(JSON.stringify({ ...rules, executor: same }))
    .digest('hex')
    .slice(0, 12)
}
