import type { KnownRepository } from '../../src/deliveries/repositories.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { listDeployments } from '../../src/github/recent.ts'
import { getRepositoryNamed } from '../../src/github/repositories.ts'
import { firstOfOurMaking } from './deployments.ts'
import type { PassTools } from './pass-tools.ts'

/**
 * Finds the repositories that the file names and that nothing is known of, though GitHub has deployments of our making there: Redis
 * has forgotten them, and until their next delivery nobody would look at them.
 */
export async function findForgotten(
  known: readonly KnownRepository[],
  tools: PassTools,
): Promise<KnownRepository[]> {
  const names = new Set(known.map(({ owner, name }) => `${owner}/${name}`.toLowerCase()))
  const found: KnownRepository[] = []
  for (const fullName of tools.rules.current.named) {
    if (names.has(fullName.toLowerCase()) || !(await tools.memory.mayLookFor(fullName))) continue
    const repository = await lookFor(fullName, tools)
    if (repository === undefined) continue
    await tools.repositories.remember(repository)
    tools.log.warn(
      { repository: fullName },
      'a repository was forgotten, and GitHub has deployments of ours there',
    )
    found.push(repository)
  }
  return found
}

/** The repository, if we have deployed it. */
async function lookFor(fullName: string, { ask, github }: PassTools): Promise<KnownRepository | undefined> {
  const [owner = '', name = ''] = fullName.split('/')
  try {
    const { id } = await ask(() => getRepositoryNamed(github, owner, name))
    const repository = { id, owner, name }
    const since = firstOfOurMaking(await ask(() => listDeployments(github, repository)))
    return since === undefined ? undefined : { ...repository, since }
  } catch (error) {
    if (error instanceof GitHubRefusal) return undefined
    throw error
  }
}
