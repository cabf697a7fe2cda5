/** What Livraison does at GitHub, as an App is asked to permit it. All of it is pure. */

/** A permission that the App must have, and what for. */
export interface NeededPermission {
  name: string
  access: 'read' | 'write'
  why: string
}

/** An event that must come to us, and what for. */
export interface NeededEvent {
  name: string
  why: string
  /** Events of repositories' own webhooks have no installation, and those of protection rules need one. */
  ofAppsOnly?: true
}

/**
 * By the permission that each route, and each event, is documented to need.
 *
 * @see https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 */
export const neededPermissions: readonly NeededPermission[] = [
  {
    name: 'metadata',
    access: 'read',
    why: 'to read repositories, their rulesets, and what people may do in them',
  },
  { name: 'contents', access: 'write', why: 'to check out and compare commits, and to merge pull requests' },
  { name: 'deployments', access: 'write', why: 'to make deployments and to report them' },
  { name: 'statuses', access: 'write', why: 'to wait for commit statuses, and to write those of checks' },
  { name: 'checks', access: 'read', why: 'to wait for check runs' },
  { name: 'actions', access: 'read', why: 'to hear of workflows, and to answer for protected environments' },
  {
    name: 'pull_requests',
    access: 'write',
    why: 'to read pull requests and reviews, and to answer in comments',
  },
  {
    name: 'issues',
    access: 'read',
    why: 'to hear of comments: GitHub counts those of pull requests as an issue’s',
  },
  { name: 'merge_queues', access: 'read', why: 'to check what a merge queue is about to merge' },
  {
    name: 'members',
    access: 'read',
    why: 'to know who is in the organization and the teams that may deploy',
  },
]

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads */
export const neededEvents: readonly NeededEvent[] = [
  { name: 'pull_request', why: 'merges are deployed, heads are checked' },
  { name: 'pull_request_review', why: 'a pull request that waits to be merged may be approved' },
  { name: 'push', why: 'pushes and tags are deployed' },
  { name: 'deployment', why: 'deployments are run' },
  { name: 'deployment_status', why: 'deployments are announced, and promoted' },
  { name: 'deployment_protection_rule', why: 'jobs of GitHub Actions are let through', ofAppsOnly: true },
  { name: 'status', why: 'what waits for a commit status goes on' },
  { name: 'check_run', why: 'what waits for a check goes on' },
  { name: 'check_suite', why: 'what waits for checks goes on' },
  { name: 'workflow_run', why: 'what waits for a workflow goes on' },
  { name: 'issue_comment', why: 'commands in comments are done' },
  { name: 'merge_group', why: 'what a merge queue is about to merge is checked' },
]

/** The events of a repository's own webhook. */
export function hookEvents(): string[] {
  return neededEvents.filter(({ ofAppsOnly }) => !ofAppsOnly).map(({ name }) => name)
}

/** As manifests and GitHub's answers have them. */
export function permissionsByName(): Record<string, 'read' | 'write'> {
  return Object.fromEntries(neededPermissions.map(({ name, access }) => [name, access]))
}

export interface AppLike {
  permissions: Readonly<Record<string, string | undefined>>
  events: readonly string[]
}

/** What an App, or an installation of it, lacks. */
export function findLacking({ permissions, events }: AppLike) {
  const suffices = (has: string | undefined, access: string) =>
    has === access || has === 'write' || has === 'admin'
  return {
    permissions: neededPermissions.filter(({ name, access }) => !suffices(permissions[name], access)),
    events: neededEvents.filter(({ name }) => !events.includes(name)),
  }
}

export interface ManifestOptions {
  name: string
  /** Where people reach the receiver. */
  publicUrl: string
  /** Where GitHub delivers to; below `publicUrl` unless given. */
  webhookUrl?: string | undefined
  /** Where GitHub leads back to with the code. */
  redirectUrl: string
}

/** @see https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest#github-app-manifest-parameters */
export function manifestOf({ name, publicUrl, webhookUrl, redirectUrl }: ManifestOptions) {
  return {
    name,
    url: publicUrl,
    description: 'Deploys what is merged, and says how it went.',
    hook_attributes: { url: webhookUrl ?? `${publicUrl}/event_handler`, active: true },
    redirect_url: redirectUrl,
    // Signing in with GitHub leads back here.
    callback_urls: [`${publicUrl}/sign-in/github/callback`],
    public: false,
    default_permissions: permissionsByName(),
    default_events: neededEvents.map(({ name: event }) => event),
  }
}
