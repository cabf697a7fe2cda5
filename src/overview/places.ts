import type { Rules } from '../config/rules.ts'
import type { KnownRepository } from '../deliveries/repositories.ts'
import { fullName } from '../jobs/job.ts'
import type { Place } from './lane-facts.ts'

/** A place as it is listed. `repository` is its present `owner/name`; unknown where no delivery's trace names it. */
export interface ListedPlace extends Place {
  repository: string | undefined
}

/**
 * All environments that the rules name, of repositories that are known, and all that something was deployed to: by
 * repository, then in the rules' order, then by name. Pure.
 */
export function listPlaces(
  rules: Rules,
  known: readonly KnownRepository[],
  deployed: readonly Place[],
): ListedPlace[] {
  const names = new Map(known.map((repository) => [repository.id, fullName(repository)]))
  const ids = new Set([...names.keys(), ...deployed.map(({ repositoryId }) => repositoryId)])
  const byRepository = new Map<number, string[]>()
  for (const { repositoryId, environment } of deployed) {
    byRepository.set(repositoryId, [...(byRepository.get(repositoryId) ?? []), environment])
  }
  return [...ids]
    .map((id) => ({ id, repository: names.get(id) }))
    .sort((a, b) => compareNames(a.repository ?? '', b.repository ?? '') || a.id - b.id)
    .flatMap(({ id, repository }) =>
      environmentsOf(rules, repository, byRepository.get(id) ?? []).map((environment) => ({
        repositoryId: id,
        repository,
        environment,
      })),
    )
}

function environmentsOf(rules: Rules, repository: string | undefined, deployed: readonly string[]): string[] {
  const ofRepository = repository === undefined ? undefined : rules.of(repository)
  const named = ofRepository?.environments.map(({ name }) => name) ?? []
  return [...named, ...deployed.filter((name) => !named.includes(name)).sort(compareNames)]
}

function compareNames(a: string, b: string): number {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()]
  return one < other ? -1 : one > other ? 1 : 0
}

/** A member of the index of lanes. Pure; an environment's name may hold anything. */
export function toPlace(member: string): Place {
  const end = member.indexOf(':')
  return { repositoryId: Number(member.slice(0, end)), environment: member.slice(end + 1) }
}
