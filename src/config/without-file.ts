import type { EnvironmentRules, RepositoryRules, Rules } from './rules.ts'
import { toAccessRules } from './to-access-rules.ts'

/**
 * The rules where there is no file: every repository deploys its merges to production, and to whatever environment
 * somebody creates a deployment for, with the simulate executor.
 */
export function rulesWithoutFile(simulatedWorkMs: number): Rules {
  const production: EnvironmentRules = {
    name: 'production',
    on: 'merge',
    after: undefined,
    tags: [],
    paths: [],
    executor: { kind: 'simulate', workMs: simulatedWorkMs },
    actions: 'gate',
    lane: 'supersede',
    onWorkerLoss: 'rerun',
    waitMs: 0,
    approvals: undefined,
    windows: [],
    freezes: [],
    verify: undefined,
    rollback: 'manual',
    pullRequests: 'none',
    url: undefined,
  }
  const rules: RepositoryRules = {
    branch: undefined,
    environments: [production],
    others: { ...production, on: 'manual' },
    checks: [],
    notify: [],
    gate: { required: [], limitMs: 3_600_000 },
  }
  return {
    digest: 'no-file',
    secrets: [],
    access: toAccessRules(undefined),
    channels: [],
    people: [],
    named: [],
    pools: [],
    of: () => rules,
  }
}
