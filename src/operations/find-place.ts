import { findEnvironment } from '../config/find-environment.ts'
import type { EnvironmentRules, RepositoryRules } from '../config/rules.ts'
import { closest } from '../config/spelling.ts'
import { GitHubRefusal } from '../github/failure.ts'
import { fullName, type Repository } from '../jobs/job.ts'
import type { Scope } from '../locks/scope.ts'
import type { OperationDependencies } from './dependencies.ts'
import type { Place } from './operations.ts'
import { Refused } from './refused.ts'

type Sources = Pick<OperationDependencies, 'rules' | 'repositories' | 'github'>

/** The rules of a repository that is deployed. @throws {Refused} with what was probably meant */
export async function repositoryRulesOf(
  { rules, repositories }: Sources,
  name: string,
): Promise<RepositoryRules> {
  const found = rules.current.of(name)
  if (found) return found
  const known = (await repositories.all()).map(fullName).filter((each) => rules.current.of(each))
  throw new Refused('unknown', `${name} is not in livraison.yml.${didYouMean(name, known)}`)
}

/** The rules of one of its environments. @throws {Refused} with those that there are */
export function environmentRulesOf(
  rules: RepositoryRules,
  repository: string,
  name: string,
): EnvironmentRules {
  const found = findEnvironment(rules, name)
  if (found) return found
  const names = rules.environments.map((each) => each.name)
  const there = names.length === 0 ? 'none' : names.join(', ')
  throw new Refused(
    'unknown',
    `${name} is not an environment of ${repository}; there is ${there}.${didYouMean(name, names)}`,
  )
}

function didYouMean(word: string, known: string[]): string {
  const meant = closest(word, known)
  return meant === undefined ? '' : ` Did you mean ${meant}?`
}

/** The repository of a name, with its id: as deliveries told it, else as GitHub says. @throws {Refused} if there is none */
export async function findRepository({ repositories, github }: Sources, name: string): Promise<Repository> {
  const known = await repositories.named(name)
  if (known) return { id: known.id, owner: known.owner, name: known.name }
  const unknown = new Refused(
    'unknown',
    `No delivery has come from ${name} yet, and it cannot be found at GitHub.`,
  )
  if (!github) throw unknown
  try {
    const [owner = '', repo = ''] = name.split('/')
    const { data } = await github.rest.repos.get({ owner, repo })
    return { id: data.id, owner: data.owner.login, name: data.name }
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) throw unknown
    throw error
  }
}

/** What a lock or a freeze on a place is on. @throws {Refused} if there is no such place */
export async function scopeOf(sources: Sources, { repository: name, environment }: Place): Promise<Scope> {
  if (name === undefined) {
    if (environment === undefined) return { kind: 'everything' }
    throw new Refused('invalid', 'An environment is one of a repository: name that, too.')
  }
  const rules = await repositoryRulesOf(sources, name)
  const found = environment === undefined ? undefined : environmentRulesOf(rules, name, environment)
  const repository = await findRepository(sources, name)
  const ofRepository = { repositoryId: repository.id, repository: fullName(repository) }
  return found === undefined
    ? { kind: 'repository', ...ofRepository }
    : { kind: 'environment', ...ofRepository, environment: found.name }
}
