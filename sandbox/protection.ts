/** What a branch asks for before something is merged into it. */
export interface Protection {
  /** Classic branch protection: contexts that must be green before a merge. */
  contexts: string[]
  strict: boolean
  /** A ruleset's required_status_checks. */
  ruleContexts: string[]
  /** The app that must report what the ruleset requires; null: any. */
  ruleApp: number | null
  /** How many approvals the classic protection requires, and how many a ruleset does. */
  reviews: number
  ruleReviews: number
  dismissStale: boolean
  mergeQueue: boolean
  linearHistory: boolean
  /** Asks for something that only `mergeable_state` tells of, such as resolved conversations. */
  more: boolean
}
