import type { Call, Handler } from '../api.ts'
import { readCommits } from '../git/read.ts'
import { presentCommit } from '../present/commit.ts'
import { isoSeconds, nodeId, presentUser } from '../present/common.ts'
import { rulesOf } from '../present/rules.ts'
import { Refusal } from '../refusal.ts'
import type { Activity, Protection, Repository } from '../state.ts'
import { apiUrlOf, type World } from '../world.ts'
import { answerPage, filterOf, ok, repositoryOf } from './call.ts'

/** Branches, and which checks GitHub wants green before something is merged into one. */
export const branches: Record<string, Handler> = {
  'repos/list-branches': (call) => {
    const repository = repositoryOf(call)
    return answerPage(call, [...repository.branches], ([name, sha]) => ({
      name,
      commit: { sha, url: apiUrlOf(call.world, repository, `/commits/${sha}`) },
      protected: repository.protections.has(name),
    }))
  },

  'repos/get-branch': async (call) => {
    const repository = repositoryOf(call)
    const { name, sha, protection } = branchOf(call, repository)
    const [facts] = await readCommits(repository.gitDir, sha, 1)
    if (!facts) throw new Refusal(404, 'Branch not found')
    const url = apiUrlOf(call.world, repository, `/branches/${encodeURIComponent(name)}`)
    return ok({
      name,
      commit: presentCommit(call.world, repository, facts),
      _links: { self: url, html: `${call.world.url}/tree/${name}` },
      protected: protection !== undefined,
      protection: {
        enabled: protection !== undefined,
        required_status_checks: { ...requiredChecks(url, protection), enforcement_level: 'everyone' },
      },
      protection_url: `${url}/protection`,
    })
  },

  'repos/get-branch-protection': (call) => {
    const repository = repositoryOf(call)
    const { name, protection } = branchOf(call, repository)
    if (!protection) throw new Refusal(404, 'Branch not protected')
    const url = apiUrlOf(call.world, repository, `/branches/${encodeURIComponent(name)}`)
    return ok({
      url: `${url}/protection`,
      required_status_checks: requiredChecks(url, protection),
      enforce_admins: { url: `${url}/protection/enforce_admins`, enabled: !repository.bypass },
      required_linear_history: { enabled: false },
      ...(protection.reviews > 0
        ? {
            required_pull_request_reviews: {
              url: `${url}/protection/required_pull_request_reviews`,
              dismiss_stale_reviews: protection.dismissStale,
              require_code_owner_reviews: false,
              required_approving_review_count: protection.reviews,
              require_last_push_approval: false,
            },
          }
        : {}),
    })
  },

  'repos/get-status-checks-protection': (call) => {
    const repository = repositoryOf(call)
    const { name, protection } = branchOf(call, repository)
    if (!protection) throw new Refusal(404, 'Branch not protected')
    if (protection.contexts.length === 0) throw new Refusal(404, 'Required status checks not enabled')
    const url = apiUrlOf(call.world, repository, `/branches/${encodeURIComponent(name)}`)
    return ok(requiredChecks(url, protection))
  },

  'repos/list-activities': (call) => {
    const ref = filterOf(call, 'ref')
    const wanted = ref?.startsWith('refs/') ? ref : `refs/heads/${ref}`
    const found = repositoryOf(call).activities.filter((each) => ref === undefined || each.ref === wanted)
    const newestFirst = call.query.direction === 'asc' ? found : found.toReversed()
    return answerPage(call, newestFirst, (each) => presentActivity(call.world, each))
  },

  'repos/get-branch-rules': (call) => {
    const repository = repositoryOf(call)
    const rules = rulesOf(repository.protections.get(call.params.branch ?? ''))
    const ruleset = {
      ruleset_source_type: 'Repository',
      ruleset_source: repository.name,
      ruleset_id: repository.id,
    }
    return answerPage(call, rules, (rule) => ({ ...rule, ...ruleset }))
  },
}

function presentActivity(world: World, { id, before, after, ref, at, type, actor }: Activity) {
  return {
    ...{ id, node_id: nodeId('Push', id), before, after, ref },
    timestamp: isoSeconds(at),
    activity_type: type,
    actor: presentUser(world, actor),
  }
}

function branchOf(call: Call, repository: Repository) {
  const name = call.params.branch ?? ''
  const sha = repository.branches.get(name)
  if (!sha) throw new Refusal(404, 'Branch not found')
  return { name, sha, protection: repository.protections.get(name) }
}

function requiredChecks(branchUrl: string, protection: Protection | undefined) {
  const contexts = protection?.contexts ?? []
  const url = `${branchUrl}/protection/required_status_checks`
  return {
    url,
    strict: protection?.strict ?? false,
    contexts,
    contexts_url: `${url}/contexts`,
    checks: contexts.map((context) => ({ context, app_id: null })),
  }
}
