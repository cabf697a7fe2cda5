import type { GitHub } from '../../../github/client.ts'
import type { Finding } from '../finding.ts'
import type { Right } from '../needs.ts'
import type { AskedGitHub } from './ask-github.ts'
import { missingByScopes, scopesIn } from './scopes.ts'

/** Where a right is tried: a repository as GitHub gives it. */
export interface Place {
  owner: string
  repo: string
  defaultBranch: string
  isPrivate: boolean
  /** What the token's owner may do there. */
  mayPush: boolean
}

/** An object that no repository has. */
const noCommit = '0'.repeat(40)
const noRef = 'livraison-doctor/no-such-ref'

/**
 * The rights that the token has not. A classic token's scopes tell; of another kind each right is tried: what is to be
 * written names something that does not exist, so that GitHub refuses it for that (422) to whoever may, and with 403 or 404 to
 * whoever may not.
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible
 */
export async function missingRights(
  asked: AskedGitHub,
  place: Place,
  rights: readonly Right[],
): Promise<Right[]> {
  const scopes = scopesIn(asked.headers()['x-oauth-scopes'])
  if (scopes !== undefined) {
    const missing = missingByScopes(scopes, rights, place.isPrivate)
    return rights.filter((right) => missing.includes(right) || (!place.mayPush && needsPush(right)))
  }
  const missing: Right[] = []
  for (const right of rights) if (await isRefused(asked, place, right)) missing.push(right)
  return missing
}

function needsPush({ access, subject }: Right): boolean {
  return access === 'write' && subject !== 'pull_requests'
}

async function isRefused(asked: AskedGitHub, place: Place, right: Right): Promise<boolean> {
  const trial = trialOf(right, place)
  if (trial === undefined) return false
  const { status } = await asked.statusOf(trial)
  return status === 403 || status === 404
}

/** The call that shows whether there is the right; undefined: none shows it without doing something. */
function trialOf(
  { subject, access }: Right,
  { owner, repo, defaultBranch: ref }: Place,
): ((github: GitHub) => Promise<{ status: number }>) | undefined {
  const at = { owner, repo }
  const writes = access === 'write'
  switch (subject) {
    case 'contents':
      return writes
        ? (github) => github.rest.git.createRef({ ...at, ref: `refs/heads/${noRef}`, sha: noCommit })
        : (github) => github.rest.repos.getBranch({ ...at, branch: ref })
    case 'deployments':
      return (github) =>
        github.rest.repos.createDeployment({ ...at, ref: noRef, auto_merge: false, required_contexts: [] })
    case 'statuses':
      return writes
        ? (github) => github.rest.repos.createCommitStatus({ ...at, sha: noCommit, state: 'pending' })
        : (github) => github.rest.repos.getCombinedStatusForRef({ ...at, ref, per_page: 1 })
    case 'checks':
      return (github) => github.rest.checks.listForRef({ ...at, ref, per_page: 1 })
    case 'pull_requests':
      return (github) => github.rest.pulls.list({ ...at, per_page: 1 })
    case 'repository_hooks':
      return (github) => github.rest.repos.listWebhooks({ ...at, per_page: 1 })
    case 'members':
      return undefined
  }
}

/** What is missing, in words. Pure. */
export function rightsFinding(
  repository: string,
  rights: readonly Right[],
  missing: readonly Right[],
): Finding {
  const of = `rights on ${repository}`
  if (missing.length === 0)
    return { level: 'ok', of, text: `all that is needed: ${rights.map(nameOf).join(', ')}` }
  const level = missing.every(({ optional }) => optional) ? 'warn' : 'fail'
  const text = `missing: ${missing.map((right) => `${nameOf(right)} (${right.why})`).join('; ')}`
  return { level, of, text, todo: `Give the token ${missing.map(nameOf).join(', ')} of this repository.` }
}

const names: Record<Right['subject'], string> = {
  contents: 'Contents',
  deployments: 'Deployments',
  statuses: 'Commit statuses',
  checks: 'Checks',
  pull_requests: 'Pull requests',
  repository_hooks: 'Webhooks',
  members: 'Members (of the organization)',
}

function nameOf({ subject, access }: Right): string {
  return `${names[subject]}: ${access}`
}
