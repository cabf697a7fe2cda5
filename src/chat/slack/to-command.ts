import type { Command } from '../../commands/command.ts'
import { onlyEnvironment } from '../../commands/which-deployment.ts'
import type { Rules } from '../../config/rules.ts'
import { Refused } from '../../operations/refused.ts'
import type { Meant } from '../find-repository.ts'
import type { Wish } from './grammar.ts'

/**
 * The command that a wish is, once it is known which repository is meant. Without an environment it is the only one that there is. Pure.
 *
 * @param key two deployments that are asked for with the same are one
 * @throws {Refused} if it does not say enough
 */
export function toCommand(wish: Wish, meant: Meant, rules: Rules, key: string): Command {
  if ('unclear' in meant) throw new Refused('invalid', meant.unclear)
  const { repository, ref } = meant
  if (ref !== undefined && wish.name !== 'deploy') {
    throw new Refused('invalid', `${wish.name} takes a repository without a branch: ${repository}.`)
  }
  const { app: _app, ...said } = wish
  if (said.name === 'deploy') {
    const { force, ...rest } = said
    const environment = said.environment ?? onlyOne(rules, repository)
    return {
      ...rest,
      repository,
      environment,
      key,
      ...(force ? { force } : {}),
      ...(ref === undefined ? {} : { ref }),
    }
  }
  if (said.name === 'why') {
    return { ...said, repository, environment: said.environment ?? onlyOne(rules, repository) }
  }
  return { ...said, repository }
}

function onlyOne(rules: Rules, repository: string): string {
  return onlyEnvironment(rules.of(repository)?.environments ?? [], repository)
}
