import type { RulesInForce } from '../../config/rules.ts'
import type { Repositories } from '../../deliveries/repositories.ts'
import { Refused } from '../../operations/refused.ts'
import { deployedRepositories, findRepository } from '../find-repository.ts'
import type { HubotCommand } from './request.ts'

export interface AppSources {
  rules: RulesInForce
  repositories: Pick<Repositories, 'all'>
}

/** A repository, and what of it: `owner/name`, and a branch, tag or sha. */
export interface FoundApp {
  repository: string
  ref?: string
}

type Named = Pick<HubotCommand, 'app' | 'repository' | 'ref'>

/**
 * The repository that is meant: the one that apps.json says, or what ../find-repository.ts makes of the name. Hubot's grammar
 * reads `owner/name` as an app and the beginning of a branch.
 *
 * @throws {Refused} that says which there are
 */
export async function findApp({ rules, repositories }: AppSources, named: Named): Promise<FoundApp> {
  const { app, repository, ref } = named
  if (repository !== undefined) return { repository, ...(ref === undefined ? {} : { ref }) }
  if (app === undefined) throw new Refused('invalid', 'Of which app?')
  const whole = ref === undefined ? app : `${app}/${ref}`
  const meant = findRepository(whole, await deployedRepositories(rules, repositories))
  if ('repository' in meant) return meant
  throw new Refused('invalid', meant.unclear)
}
