import type { MergeAsks } from '../../src/merging/asks.ts'
import type { MergeLooks } from '../../src/merging/looks.ts'
import type { MergeWaits } from '../../src/merging/waits.ts'
import type { CiLooks } from '../gate-rules.ts'

/** What merging pull requests needs besides what every handler has. */
export interface Merging {
  asks: MergeAsks
  waits: MergeWaits
  looks: MergeLooks
  /** How often a waiting pull request is looked at by itself. */
  pace: CiLooks
}

/** Soon at first, since GitHub works out in seconds whether it can be merged; a review may take days. */
export const usualMergePace: CiLooks = { firstMs: 2000, longestMs: 30 * 60_000 }
