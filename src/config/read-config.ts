import { readFileSync } from 'node:fs'
import { messageOf } from '../errors/errors.ts'
import type { Labels } from '../jobs/labels.ts'
import type { Environment } from '../settings/environment.ts'
import { checkMeaning } from './check-meaning.ts'
import { describeIssue, type Fault, valueAt } from './describe-issue.ts'
import { digestOf, digestOfWritten } from './digest.ts'
import { readDocument } from './document.ts'
import { doneElsewhere, leaveElsewhere, type WithoutElsewhere } from './elsewhere.ts'
import { isPattern, matchRepository, type Named } from './match-repository.ts'
import { ConfigError, type Path, type Problem, wordPath } from './problem.ts'
import type { RepositoryRules, Rules } from './rules.ts'
import { type ConfigFile, configSchema } from './schema.ts'
import { toAccessRules } from './to-access-rules.ts'
import { toChannelRules, toPersonRules } from './to-channel-rules.ts'
import { poolsOf, toRepositoryRules } from './to-rules.ts'
import { substitute } from './variables.ts'

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
 * @param labels those of the worker that reads it; none: the process does no work, and lacks nothing that only work needs
 * @throws {ConfigError} that names every problem with its line and column
 */
export function readConfig(file: string, env: Environment, labels: Labels = []): Config {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const problem = { line: 1, column: 1, where: '', message: `cannot be read: ${messageOf(error)}` }
    throw new ConfigError(file, [problem])
  }
  return parseConfig(text, file, env, labels)
}

/** As {@link readConfig}, from the text of the file `file`. Touches no disk. */
export function parseConfig(text: string, file: string, env: Environment, labels: Labels = []): Config {
  const document = readDocument(text)
  if (document.problems.length > 0) throw new ConfigError(file, document.problems)
  const written = document.value
  const substituted = substitute(written, env)
  const readable = leaveElsewhere(substituted, written, labels)
  const result = configSchema.safeParse(readable.value)
  const faults = findFaults(written, readable, result.error?.issues ?? [])
  if (!result.success || faults.length > 0) {
    const problems = faults.map(({ path, at, message }): Problem => {
      return { ...document.locate(path, at), where: wordPath(path), message }
    })
    throw new ConfigError(file, problems)
  }
  const digest = digestOf(written, substituted.value)
  return toConfig(result.data, { file, written, variables: substituted.variables, readable, digest })
}

type Issues = Parameters<typeof describeIssue>[0][]

/** All that is wrong; of what could not be put in, only that. */
function findFaults(
  written: unknown,
  { value, problems: missing }: WithoutElsewhere,
  issues: Issues,
): Fault[] {
  const isTold = (path: Path) => missing.some((each) => startsWith(path, each.path))
  return [
    ...missing,
    ...issues.flatMap((issue) => describeIssue(issue, written)).filter(({ path }) => !isTold(path)),
    ...checkMeaning(value, written).filter(({ path }) => !isTold(path)),
  ]
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((step, index) => path[index] === step)
}

/** What a configuration is made from, beside what the grammar read. */
interface Origin {
  file: string
  written: unknown
  variables: Config['variables']
  readable: WithoutElsewhere
  digest: string
}

function toConfig(data: ConfigFile, origin: Origin): Config {
  const { file, variables, digest } = origin
  const ofAll = (data.notify ?? []).map(toChannelRules)
  const repositories = Object.entries(data.repositories).map(([name, entry]) => ({
    name,
    rules: withOrigin(toRepositoryRules(entry, file, data.freezes, ofAll), name, origin),
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
    pools: poolsOf(repositories.map(({ rules }) => rules)),
    of: matchRepository(repositories),
    repositories,
    variables,
  }
}

/** What is done elsewhere, and what of it is the same in all processes. */
function withOrigin(rules: RepositoryRules, name: string, { written, readable }: Origin): RepositoryRules {
  const of = (...path: Path) => valueAt(written, ['repositories', name, ...path])
  const freezes = [valueAt(written, ['freezes']), of('freezes')]
  return {
    ...rules,
    environments: rules.environments.map((environment) => {
      if (environment.runsOn === undefined) return environment
      const entry = of('environments', environment.name)
      const missing = readable.missing(['repositories', name, 'environments', environment.name])
      const writtenDigest = digestOfWritten(entry, ...freezes)
      return { ...doneElsewhere(environment, missing, entry), writtenDigest }
    }),
  }
}
