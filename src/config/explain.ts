import { durationWords } from './duration.ts'
import type { Config } from './read-config.ts'
import type { EnvironmentRules, ExecutorRules, RepositoryRules } from './rules.ts'

/** What a configuration means, in words, a line a sentence. What came from the environment is shown by its name. */
export function explainConfig(config: Config): string[] {
  if (config.repositories.length === 0) return ['No repository is named: nothing is deployed.']
  const show = showNames(config.variables)
  return config.repositories.flatMap(({ name, rules }, index) => [
    ...(index === 0 ? [] : ['']),
    headline(name),
    ...explainRepository(rules, /[*?]/.test(name) ? 'such a repository' : name, show).map(
      (line) => `  ${line}`,
    ),
  ])
}

type Show = (text: string) => string

/** Puts the names back that values were put in for; long values first, as one may be part of another. */
function showNames(variables: ReadonlyMap<string, string>): Show {
  const longestFirst = [...variables].toSorted(([, a], [, b]) => b.length - a.length)
  return (text) =>
    longestFirst.reduce((shown, [name, value]) => shown.replaceAll(value, () => `$\{${name}}`), text)
}

function headline(name: string): string {
  return /[*?]/.test(name) ? `${name} (each repository of such a name that is not named more exactly)` : name
}

function explainRepository(
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

function explainEnvironment(environment: EnvironmentRules, where: string, show: Show): string[] {
  const { name, lane, onWorkerLoss, url } = environment
  const waiting =
    lane === 'queue'
      ? 'Those that must wait for another are done one after the other.'
      : 'Of those that must wait for another, the newest replaces the others.'
  const lost =
    onWorkerLoss === 'rerun'
      ? 'If its worker is lost, it is run again.'
      : 'If its worker is lost, it ends as an error.'
  const seen = url === undefined ? [] : [`It can be seen at ${show(url)}.`]
  const sentences = [
    `${triggerWords(environment, where, show)} ${name} by ${executorWords(environment.executor, show)}.`,
    waiting,
    lost,
    ...seen,
  ]
  return [sentences.join(' ')]
}

function triggerWords({ on, after }: EnvironmentRules, where: string, show: Show): string {
  switch (on) {
    case 'merge':
      return `A pull request merged into ${where} is deployed to`
    case 'push':
      return `A push to ${where} is deployed to`
    case 'promotion':
      return `What was deployed to ${after === undefined ? 'another' : show(after)} with success is then deployed to`
    case 'manual':
      return 'Only what somebody creates a deployment for is deployed to'
  }
}

function executorWords(executor: ExecutorRules, show: Show): string {
  switch (executor.kind) {
    case 'simulate':
      return `working for ${durationWords(executor.workMs)} and doing nothing (simulated)`
    case 'run': {
      const silent =
        executor.inactivityMs === undefined ? '' : `, ${durationWords(executor.inactivityMs)} without a word`
      const given = Object.keys(executor.env)
      const env = given.length === 0 ? '' : ` with ${listWords(given)} in its environment`
      return `running ${show(executor.command)}${env} (${durationWords(executor.timeoutMs)} at most${silent})`
    }
    case 'request': {
      const poll =
        executor.poll === undefined
          ? ''
          : `, then asking ${show(executor.poll.url)} every ${durationWords(executor.poll.everyMs)} how it went`
      const call = `calling ${executor.method} ${show(executor.url)}${poll}`
      return `${call} (${durationWords(executor.timeoutMs)} at most)`
    }
    case 'use':
      return `the module ${show(executor.path)} (${durationWords(executor.timeoutMs)} at most)`
  }
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
