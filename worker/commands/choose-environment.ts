import { findEnvironment } from '../../src/config/find-environment.ts'
import type { EnvironmentRules, RepositoryRules } from '../../src/config/rules.ts'
import type { PullHead } from '../../src/github/pull-head.ts'

/* Which environment a command is about, and whether a pull request may be deployed there. All of it is pure. */

/** The only environment, unless one is named; else what to do. */
export function chooseEnvironment(
  rules: RepositoryRules,
  named: string | undefined,
  command: string,
): { environment: string } | { ask: string } {
  if (named !== undefined) return { environment: findEnvironment(rules, named)?.name ?? named }
  return only(rules.environments, command)
}

/** Where a pull request may be deployed: a merged one anywhere, an open one where the rules let it. */
export function chooseForPull(
  rules: RepositoryRules,
  named: string | undefined,
  pull: Pick<PullHead, 'fork'> & { isMerged: boolean },
  command: string,
): { environment: string } | { ask: string } | { refused: string } {
  const open = rules.environments.filter((each) => pull.isMerged || isOpen(each, pull))
  if (named !== undefined) {
    const environment = findEnvironment(rules, named)
    // That there is none of this name is said by whoever deploys, with those that there are.
    if (!environment) return { environment: named }
    if (pull.isMerged || isOpen(environment, pull)) return { environment: environment.name }
    return { refused: whyClosed(environment, pull, open) }
  }
  if (open.length > 0) return only(open, command)
  const [first] = rules.environments
  if (first === undefined) return { refused: 'livraison.yml has no environment for this repository.' }
  const whose = pull.fork ? 'pull requests from forks' : 'pull requests before they are merged'
  return {
    refused: `No environment takes ${whose} (pull_requests in livraison.yml): merge it first, and deploy it then.`,
  }
}

function only(environments: readonly EnvironmentRules[], command: string) {
  const [first, second] = environments
  if (first !== undefined && second === undefined) return { environment: first.name }
  const names = environments.map(({ name }) => (name.includes(' ') ? `"${name}"` : name))
  if (first === undefined) return { ask: `Name an environment: ${command} NAME` }
  return { ask: `Name an environment: ${names.map((name) => `${command} ${name}`).join(' or ')}` }
}

function isOpen({ pullRequests }: EnvironmentRules, { fork }: Pick<PullHead, 'fork'>): boolean {
  return pullRequests === 'forks' || (pullRequests === 'own' && !fork)
}

function whyClosed(
  { name, pullRequests }: EnvironmentRules,
  { fork }: Pick<PullHead, 'fork'>,
  open: readonly EnvironmentRules[],
): string {
  const isForFork = fork && pullRequests === 'own'
  const what = isForFork ? 'no pull requests from forks' : 'no pull requests before they are merged'
  const other = open.length === 0 ? '' : `, or deploy it to ${open.map((each) => each.name).join(' or ')}`
  return `${name} takes ${what} (pull_requests in livraison.yml): merge it first${other}.`
}
