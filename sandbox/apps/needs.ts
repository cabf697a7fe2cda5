import type { Access } from './state.ts'

/** Calls that an App makes as itself, with its JSON Web Token, and no other token may. */
export const asTheApp = new Set([
  'apps/get-authenticated',
  'apps/list-installations',
  'apps/get-installation',
  'apps/create-installation-access-token',
  'apps/get-repo-installation',
  'apps/get-org-installation',
  'apps/get-user-installation',
  'apps/get-webhook-config-for-app',
  'apps/update-webhook-config-for-app',
  'apps/list-webhook-deliveries',
  'apps/get-webhook-delivery',
  'apps/redeliver-webhook-delivery',
])

/** Calls that need no permission of an installation's token. */
export const unconditional = new Set([
  'rate-limit/get',
  'meta/get',
  'users/get-by-username',
  'apps/list-repos-accessible-to-installation',
  'apps/revoke-installation-access-token',
])

export type Need = readonly [permission: string, access: Access]

/**
 * What an installation's token must be good for; any one of them is enough.
 *
 * @see https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 */
export const needs: Record<string, readonly Need[]> = {
  'repos/get': [['metadata', 'read']],
  'repos/get-collaborator-permission-level': [['metadata', 'read']],
  'repos/get-branch-rules': [['metadata', 'read']],
  'repos/list-branches': [['contents', 'read']],
  'repos/get-branch': [['contents', 'read']],
  'repos/get-branch-protection': [['administration', 'read']],
  'repos/get-status-checks-protection': [['administration', 'read']],
  'repos/list-activities': [['contents', 'read']],
  'repos/compare-commits-with-basehead': [['contents', 'read']],
  'repos/compare-commits': [['contents', 'read']],
  'repos/get-commit': [['contents', 'read']],
  'repos/list-commits': [['contents', 'read']],
  'git/get-ref': [['contents', 'read']],
  'git/get-commit': [['contents', 'read']],
  'repos/get-combined-status-for-ref': [['statuses', 'read']],
  'repos/list-commit-statuses-for-ref': [['statuses', 'read']],
  'repos/create-commit-status': [['statuses', 'write']],
  'checks/list-for-ref': [['checks', 'read']],
  'repos/list-deployments': [['deployments', 'read']],
  'repos/get-deployment': [['deployments', 'read']],
  'repos/create-deployment': [['deployments', 'write']],
  'repos/list-deployment-statuses': [['deployments', 'read']],
  'repos/create-deployment-status': [['deployments', 'write']],
  'actions/list-workflow-runs-for-repo': [['actions', 'read']],
  'actions/get-workflow-run': [['actions', 'read']],
  'actions/get-pending-deployments-for-run': [['actions', 'read']],
  'actions/review-custom-gates-for-run': [['deployments', 'write']],
  'pulls/get': [['pull_requests', 'read']],
  'pulls/list': [['pull_requests', 'read']],
  'pulls/list-reviews': [['pull_requests', 'read']],
  'pulls/merge': [['contents', 'write']],
  'issues/list-comments': [
    ['issues', 'read'],
    ['pull_requests', 'read'],
  ],
  'issues/create-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'issues/update-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'reactions/create-for-issue-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'reactions/delete-for-issue-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'repos/list-webhooks': [['repository_hooks', 'read']],
  'repos/get-webhook': [['repository_hooks', 'read']],
  'repos/list-webhook-deliveries': [['repository_hooks', 'read']],
  'repos/create-webhook': [['repository_hooks', 'write']],
  'repos/update-webhook': [['repository_hooks', 'write']],
  'repos/redeliver-webhook-delivery': [['repository_hooks', 'write']],
  'orgs/check-membership-for-user': [['members', 'read']],
  'teams/get-membership-for-user-in-org': [['members', 'read']],
}

/** What an App must be permitted to subscribe to an event; any one of them is enough. @see https://docs.github.com/en/webhooks/webhook-events-and-payloads */
export const eventNeeds: Record<string, readonly string[]> = {
  pull_request: ['pull_requests'],
  pull_request_review: ['pull_requests'],
  push: ['contents'],
  deployment: ['deployments'],
  deployment_status: ['deployments'],
  deployment_protection_rule: ['deployments'],
  status: ['statuses'],
  check_run: ['checks'],
  check_suite: ['checks'],
  workflow_run: ['actions'],
  issue_comment: ['issues'],
  merge_group: ['merge_queues'],
}
