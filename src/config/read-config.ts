import { readFileSync } from 'node:fs'
import { messageOf } from '../errors.ts'
import type { Environment } from '../settings/environment.ts'
import { checkMeaning } from './check-meaning.ts'
import { describeIssue, type Fault } from './describe-issue.ts'
import { digestOf } from './digest.ts'
import { readDocument } from './document.ts'
import { isPattern, matchRepository, type Named } from './match-repository.ts'
import { ConfigError, type Path, type Problem, wordPath } from './problem.ts'
import type { RepositoryRules, Rules } from './rules.ts'
import { type ConfigFile, configSchema } from './schema.ts'
import { toAccessRules } from './to-access-rules.ts'
import { toChannelRules, toPersonRules } from './to-channel-rules.ts'
import { toRepositoryRules } from './to-rules.ts'
import { type Substituted, substitute } from './variables.ts'

/** The rules of a configuration file, and what it is made of, to be told to people. */
export interface Config extends Rules {
  /** Its names and patterns, in its order. */
  repositories: readonly Named<RepositoryRules>[]
  /** What was taken from the environment, by name. */
  variables: ReadonlyMap<string, string>
}

/**
 * Reads a configuration file.
 *
 * @param env where `${NAME}` is taken from
 * @throws {ConfigError} that names every problem with its line and column
 */
export function readConfig(file: string, env: Environment): Config {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const problem = { line: 1, column: 1, where: '', message: `cannot be read: ${messageOf(error)}` }
    throw new ConfigError(file, [problem])
  }
  return parseConfig(text, file, env)
}

/** As {@link readConfig}, from the text of the file `file`. Touches no disk. */
export function parseConfig(text: string, file: string, env: Environment): Config {
  const document = readDocument(text)
  if (document.problems.length > 0) throw new ConfigError(file, document.problems)
  const written = document.value
  const substituted = substitute(written, env)
  const result = configSchema.safeParse(substituted.value)
  const faults = findFaults(written, substituted, result.error?.issues ?? [])
  if (!result.success || faults.length > 0) {
    const problems = faults.map(({ path, at, message }): Problem => {
      return { ...document.locate(path, at), where: wordPath(path), message }
    })
    throw new ConfigError(file, problems)
  }
  return toConfig(result.data, file, substituted, digestOf(written, substituted.value))
}

type Issues = Parameters<typeof describeIssue>[0][]

/** All that is wrong; of what could not be put in, only that. */
function findFaults(written: unknown, substituted: Substituted, issues: Issues): Fault[] {
  const missing = substituted.problems
  const isTold = (path: Path) => missing.some((each) => startsWith(path, each.path))
  return [
    ...missing.map((problem) => ({ ...problem, at: 'value' as const })),
    ...issues.flatMap((issue) => describeIssue(issue, written)).filter(({ path }) => !isTold(path)),
    ...checkMeaning(substituted.value, written).filter(({ path }) => !isTold(path)),
  ]
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((step, index) => path[index] === step)
}

function toConfig(data: ConfigFile, file: string, { variables }: Substituted, digest: string): Config {
  const ofAll = (data.notify ?? []).map(toChannelRules)
  const repositories = Object.entries(data.repositories).map(([name, entry]) => ({
    name,
    rules: toRepositoryRules(entry, file, data.freezes, ofAll),
  }))
  return {
    digest,
    secrets: [...new Set(variables.values())],
    access: toAccessRules(data.access),
    channels: [
      ...ofAll.map((channel) => ({ repository: undefined, channel })),
      ...repositories.flatMap(({ name, rules: { notify } }) =>
        notify.slice(0, notify.length - ofAll.length).map((channel) => ({ repository: name, channel })),
      ),
    ],
    people: (data.people ?? []).map(toPersonRules),
    named: repositories.map(({ name }) => name).filter((name) => !isPattern(name)),
    of: matchRepository(repositories),
    repositories,
    variables,
  }
}
