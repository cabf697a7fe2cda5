import { type MergeMethod, mergeMethods } from '../config/rules.ts'
import type { Repository } from '../jobs/job.ts'
import type { BranchRules, RequiredCheck } from '../merging/decide-merge.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'

/**
 * What a branch asks of a pull request, by its protection and by all rulesets together.
 *
 * Whoever may read the repository is told of rulesets, and of the checks that the branch's protection requires; the rest of
 * the protection is for administrators, so that `hidden` may be true.
 *
 * @throws {GitHubRefusal} if one of them cannot be read: then nothing is known
 * @see https://docs.github.com/en/rest/branches/branches#get-a-branch
 * @see https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
 */
export async function readBranchRules(
  github: GitHub,
  repository: Repository,
  branch: string,
): Promise<BranchRules> {
  const [known, rulesets] = await Promise.all([
    readKnown(github, repository, branch),
    readRulesets(github, repository, branch),
  ])
  const protection = known.isProtected ? await readProtection(github, repository, branch) : undefined
  return {
    checks: [...known.checks, ...rulesets.checks, ...(protection?.checks ?? [])],
    approvals: Math.max(rulesets.approvals, protection?.approvals ?? 0),
    dismissesStale: rulesets.dismissesStale || (protection?.dismissesStale ?? false),
    mergeQueue: rulesets.mergeQueue,
    methods: both(rulesets.methods, protection?.methods),
    hidden: known.isProtected && protection === undefined,
  }
}

async function readKnown(github: GitHub, { owner, name }: Repository, branch: string) {
  const { data } = await github.rest.repos.getBranch({ owner, repo: name, branch })
  const required = data.protection.required_status_checks
  return { isProtected: data.protected && data.protection.enabled !== false, checks: toChecks(required) }
}

/** The part of a branch's protection that is for administrators; undefined if the token is none's. */
async function readProtection(github: GitHub, { owner, name }: Repository, branch: string) {
  try {
    const { data } = await github.rest.repos.getBranchProtection({ owner, repo: name, branch })
    const reviews = data.required_pull_request_reviews
    return {
      checks: toChecks(data.required_status_checks),
      approvals: reviews?.required_approving_review_count ?? 0,
      dismissesStale: reviews?.dismiss_stale_reviews ?? false,
      methods: data.required_linear_history?.enabled ? linear : undefined,
    }
  } catch (error) {
    if (error instanceof GitHubRefusal && (error.status === 403 || error.status === 404)) return undefined
    throw error
  }
}

/** Merge commits are what a linear history has none of. */
const linear: MergeMethod[] = ['squash', 'rebase']

async function readRulesets(github: GitHub, { owner, name }: Repository, branch: string) {
  const found = {
    checks: [] as RequiredCheck[],
    approvals: 0,
    dismissesStale: false,
    mergeQueue: false,
    methods: undefined as readonly MergeMethod[] | undefined,
  }
  for (const rule of await listRules(github, { owner, repo: name, branch })) {
    if (rule.type === 'merge_queue') found.mergeQueue = true
    if (rule.type === 'required_linear_history') found.methods = both(found.methods, linear)
    if (rule.type === 'required_status_checks') {
      const required = rule.parameters?.required_status_checks ?? []
      found.checks.push(...required.map(({ context, integration_id }) => toCheck(context, integration_id)))
    }
    if (rule.type === 'pull_request' && rule.parameters) {
      const { required_approving_review_count, dismiss_stale_reviews_on_push, allowed_merge_methods } =
        rule.parameters
      found.approvals = Math.max(found.approvals, required_approving_review_count)
      found.dismissesStale ||= dismiss_stale_reviews_on_push
      found.methods = both(found.methods, allowed_merge_methods)
    }
  }
  return found
}

/** GitHub says so of private repositories whose owner's plan has no rulesets: there are none. */
const notInPlan = /Upgrade to GitHub/i

async function listRules(github: GitHub, branch: { owner: string; repo: string; branch: string }) {
  try {
    return await github.paginate(github.rest.repos.getBranchRules, { ...branch, per_page: 100 })
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 403 && notInPlan.test(error.message)) return []
    if (error instanceof GitHubRefusal && error.missing === 'rulesets') return []
    throw error
  }
}

interface StatusChecks {
  contexts?: string[]
  checks?: { context: string; app_id?: number | null }[]
}

/** `checks` says the same as the older `contexts`, and the app. */
function toChecks({ contexts = [], checks = [] }: StatusChecks = {}): RequiredCheck[] {
  const named = new Set(checks.map(({ context }) => context))
  return [
    ...checks.map(({ context, app_id }) => toCheck(context, app_id)),
    ...contexts.filter((context) => !named.has(context)).map((context) => toCheck(context, null)),
  ]
}

/** -1 stands for any app. */
function toCheck(context: string, appId: number | null | undefined): RequiredCheck {
  return { context, appId: appId === null || appId === undefined || appId < 0 ? undefined : appId }
}

function both(
  some: readonly MergeMethod[] | undefined,
  others: readonly MergeMethod[] | undefined,
): readonly MergeMethod[] | undefined {
  if (some === undefined || others === undefined) return some ?? others
  return mergeMethods.filter((each) => some.includes(each) && others.includes(each))
}
