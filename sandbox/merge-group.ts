import type { Pull } from './state.ts'

/** A pull request that the merge queue of a branch has made a commit of, to be checked before it is merged. */
export interface MergeGroup {
  pull: Pull
  base: string
  baseSha: string
  headSha: string
  /** Below refs/heads/. */
  branch: string
  at: number
}
