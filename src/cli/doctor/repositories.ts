import type { Rules } from '../../config/rules.ts'
import { openRepositories } from '../../deliveries/repositories.ts'
import { keyPrefixOf } from '../../redis/key-prefix.ts'
import type { Redis } from '../../redis/redis.ts'

/** More are not looked at one by one: each costs a dozen calls. */
export const mostRepositories = 20

/**
 * The repositories to look at: those that the configuration names, and of the others those that deliveries have come from,
 * which is how it is known what a pattern stands for.
 */
export async function repositoriesToExamine(
  rules: Rules,
  redis: Redis | undefined,
  githubServerUrl: string,
): Promise<string[]> {
  const known = redis === undefined ? [] : await openRepositories(redis, keyPrefixOf(githubServerUrl)).all()
  const knownNames = known.map(({ owner, name }) => `${owner}/${name}`)
  const named = new Set(rules.named.map((name) => name.toLowerCase()))
  const byPattern = knownNames.filter(
    (name) => !named.has(name.toLowerCase()) && rules.of(name) !== undefined,
  )
  return [...rules.named, ...byPattern.sort()]
}
