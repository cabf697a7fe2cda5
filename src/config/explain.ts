import { durationWords } from './duration.ts'
import { explainAccess } from './explain/access.ts'
import { explainCheck } from './explain/check.ts'
import { explainEnvironment } from './explain/environment.ts'
import { explainMerge } from './explain/merge.ts'
import { explainChannel, explainPeople } from './explain/notify.ts'
import { listWords, type Show } from './explain/words.ts'
import type { Config } from './read-config.ts'
import type { RepositoryRules } from './rules.ts'
import { isNobody } from './to-access-rules.ts'

/** What a configuration means, in words, a line a sentence. What came from the environment is shown by its name. */
export function explainConfig(config: Config): string[] {
  const show = showNames(config.variables)
  return [
    ...explainRepositories(config, show),
    ...section('notify', explainChannels(config, undefined, 'every repository above', show)),
    ...section('people', explainPeople(config.people, show)),
    ...section('access', isNobody(config.access) ? [] : explainAccess(config.access, show)),
  ]
}

/** A part of the file under its own headline; of one that is not there, nothing is said. */
function section(headline: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', headline, ...lines.map((line) => `  ${line}`)]
}

/** The channels of one repository, or of all. */
function explainChannels({ channels }: Config, of: string | undefined, words: string, show: Show): string[] {
  return channels
    .filter(({ repository }) => repository === of)
    .map(({ channel }) => explainChannel(channel, words, show))
}

function explainRepositories(config: Config, show: Show): string[] {
  if (config.repositories.length === 0) return ['No repository is named: nothing is deployed.']
  return config.repositories.flatMap(({ name, rules }, index) => {
    const of = /[*?]/.test(name) ? 'such a repository' : name
    const lines = [...explainRepository(rules, of, show), ...explainChannels(config, name, of, show)]
    return [...(index === 0 ? [] : ['']), headline(name), ...lines.map((line) => `  ${line}`)]
  })
}

/** Puts the names back that values were put in for; long values first, as one may be part of another. */
function showNames(variables: ReadonlyMap<string, string>): Show {
  const longestFirst = [...variables].toSorted(([, a], [, b]) => b.length - a.length)
  return (text) =>
    longestFirst.reduce((shown, [name, value]) => shown.replaceAll(value, () => `$\{${name}}`), text)
}

function headline(name: string): string {
  return /[*?]/.test(name) ? `${name} (each repository of such a name that is not named more exactly)` : name
}

function explainRepository(rules: RepositoryRules, of: string, show: Show): string[] {
  return [
    ...explainDeployments(rules, of, show),
    ...rules.checks.map((check) => explainCheck(check, show)),
    ...(rules.merge ? explainMerge(rules.merge, rules.checks, show) : []),
  ]
}

function explainDeployments(
  { branch, environments, gate }: RepositoryRules,
  of: string,
  show: Show,
): string[] {
  if (environments.length === 0) return ['Nothing is deployed.']
  const where = branch === undefined ? `the default branch of ${of}` : `${show(branch)} of ${of}`
  const required = gate.required.map(show)
  const made = environments.some(({ on }) => on !== 'manual')
  const checks =
    required.length === 0
      ? 'all checks of its commit are green'
      : `all checks of its commit are green, ${listWords(required)} among them`
  return [
    ...environments.flatMap((environment) => explainEnvironment(environment, where, show)),
    ...(made
      ? [`A deployment is made once ${checks}; that is waited for, ${durationWords(gate.limitMs)} at most.`]
      : []),
  ]
}
