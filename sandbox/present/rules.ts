import type { Protection } from '../state.ts'

/** The rules of a branch's rulesets, as GitHub lists them. */
export function rulesOf(protection: Protection | undefined) {
  if (!protection) return []
  const { ruleContexts, ruleApp, ruleReviews, dismissStale, mergeQueue, linearHistory } = protection
  return [
    ...(ruleContexts.length > 0 ? [requiredChecks(ruleContexts, ruleApp)] : []),
    ...(ruleReviews > 0 ? [reviews(ruleReviews, dismissStale)] : []),
    ...(mergeQueue ? [queue] : []),
    ...(linearHistory ? [{ type: 'required_linear_history' }] : []),
  ]
}

function requiredChecks(contexts: string[], app: number | null) {
  return {
    type: 'required_status_checks',
    parameters: {
      required_status_checks: contexts.map((context) => ({
        context,
        ...(app === null ? {} : { integration_id: app }),
      })),
      strict_required_status_checks_policy: false,
    },
  }
}

function reviews(count: number, dismissStale: boolean) {
  return {
    type: 'pull_request',
    parameters: {
      allowed_merge_methods: ['merge', 'squash', 'rebase'],
      dismiss_stale_reviews_on_push: dismissStale,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_approving_review_count: count,
      required_review_thread_resolution: false,
    },
  }
}

const queue = {
  type: 'merge_queue',
  parameters: {
    check_response_timeout_minutes: 60,
    grouping_strategy: 'ALLGREEN',
    max_entries_to_build: 5,
    max_entries_to_merge: 5,
    merge_method: 'MERGE',
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 5,
  },
}
