import { matchGlobs } from '../../src/config/match-globs.ts'
import type { ChangedFile } from '../../src/github/changes.ts'

/** Whether a change touches one of the files that the globs name, by its new name or its earlier one. Pure. */
export function touches(paths: readonly string[], files: readonly ChangedFile[]): boolean {
  const matches = matchGlobs(paths)
  return files.some(({ name, before }) => matches(name) || (before !== undefined && matches(before)))
}
