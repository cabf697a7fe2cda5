import type { EnvironmentRules, RepositoryRules } from './rules.ts'

/**
 * The rules of an environment, whose name is then as the rules write it: GitHub ignores case, and one environment must
 * have one lane. Undefined if nothing is deployed there.
 */
export function findEnvironment(
  { environments, others }: RepositoryRules,
  name: string,
): EnvironmentRules | undefined {
  const wanted = name.toLowerCase()
  const found = environments.find((each) => each.name.toLowerCase() === wanted)
  return found ?? (others && { ...others, name })
}
